using Peregrine.Records;

namespace Peregrine.Serving.QueryLog;

/// <summary>The members of a log line that sinks and filters look at; empty where absent.</summary>
internal ref struct LogLine
{
    private const int MaxDepth = 1_100;

    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> Timestamp;
    public ReadOnlySpan<byte> Type;
    public ReadOnlySpan<byte> Service;
    public ReadOnlySpan<byte> Endpoint;
    public ReadOnlySpan<byte> Generation;
    public ReadOnlySpan<byte> TraceId;

    /// <summary>False when it is not one JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out LogLine read)
    {
        read = default;
        var json = new JsonScanner(line, MaxDepth);
        if (!json.TryBeginObject()) return false;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            if (json.Peek() != JsonKind.String)
            {
                if (!json.TrySkipValue()) return false;
                continue;
            }

            if (!json.TryReadString(out var text, out _)) return false;
            switch (name)
            {
                case var _ when name.SequenceEqual("id"u8): read.Id = text; break;
                case var _ when name.SequenceEqual("timestamp"u8): read.Timestamp = text; break;
                case var _ when name.SequenceEqual("msgType"u8): read.Type = text; break;
                case var _ when name.SequenceEqual("service"u8): read.Service = text; break;
                case var _ when name.SequenceEqual("endpoint"u8): read.Endpoint = text; break;
                case var _ when name.SequenceEqual("generation"u8): read.Generation = text; break;
                case var _ when name.SequenceEqual("traceId"u8): read.TraceId = text; break;
            }
        }

        return json.Fault == JsonFault.None && json.TryEnd();
    }
}
