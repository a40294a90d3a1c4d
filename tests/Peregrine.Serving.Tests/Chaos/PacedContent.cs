using System.Diagnostics;
using System.Net;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>A body that goes out in pieces with pauses between, once the node has said that it reads it.</summary>
internal sealed class PacedContent(IReadOnlyList<byte[]> pieces, Random random) : HttpContent
{
    private const int LongestPause = 6; // ms

    /// <summary>Timestamp of when the body began: by then the node has picked the generation; 0: it never did.</summary>
    public long Began { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Began = Stopwatch.GetTimestamp();
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            await Task.Delay(random.Next(LongestPause));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
