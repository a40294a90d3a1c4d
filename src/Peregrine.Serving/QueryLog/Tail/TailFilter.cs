using System.Text;

namespace Peregrine.Serving.QueryLog.Tail;

/// <summary>Which lines are wanted; null is all.</summary>
internal sealed class TailFilter(string? service, string? endpoint)
{
    private readonly byte[]? _service = service is null ? null : Encoding.UTF8.GetBytes(service);
    private readonly byte[]? _endpoint = endpoint is null ? null : Encoding.UTF8.GetBytes(endpoint);

    public bool Fits(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return false;
        if (_service is null && _endpoint is null) return true;
        return LogLine.TryRead(line, out var read)
               && (_service is null || read.Service.SequenceEqual(_service)) && (_endpoint is null || read.Endpoint.SequenceEqual(_endpoint));
    }
}
