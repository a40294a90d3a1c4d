namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>
/// How the newest headers of binary requests were read, and which inputs of the model their tensors are. A client that asks again and again sends the same header each time, only
/// the bytes behind it differ; reading it is the larger part of taking in such a request. Of one thread.
/// </summary>
internal sealed class ReadHeaders
{
    /// <summary>Bytes of a header that is kept.</summary>
    private const int Longest = 8 * 1024;

    private const int Places = 8; // a power of two

    private readonly Entry[] _entries = [.. Enumerable.Range(0, Places).Select(_ => new Entry())];
    private Entry? _current; // of the request under way, when its header is kept

    /// <summary>Fills the request as reading the header would; false when it must be read.</summary>
    /// <param name="body">The header and the binary tensors.</param>
    public bool TryRecall(ReadOnlySpan<byte> body, int headerLength, InferRequest request)
    {
        _current = null;
        var entry = PlaceOf(body.Length, headerLength);
        // The tensors of a body of the same length lie at the same places.
        if (entry.BodyLength != body.Length || entry.HeaderLength != headerLength || !entry.Header.AsSpan(0, headerLength).SequenceEqual(body[..headerLength])) return false;
        request.CopyFrom(entry.Request);
        _current = entry;
        return true;
    }

    /// <summary>To be said when the header was read without a fault, before anything else is done with the request.</summary>
    public void Keep(ReadOnlySpan<byte> body, int headerLength, InferRequest request)
    {
        if (headerLength > Longest || headerLength == body.Length) return;
        var entry = PlaceOf(body.Length, headerLength);
        if (entry.Header.Length < headerLength) entry.Header = new byte[Math.Max(1024, headerLength)];
        body[..headerLength].CopyTo(entry.Header);
        (entry.BodyLength, entry.HeaderLength) = (body.Length, headerLength);
        entry.Request.CopyFrom(request);
        _current = entry;
    }

    /// <summary>To be said when the tensors have found their inputs (<see cref="InferRequest.BoundTo"/>) and none of them has been read yet. Does nothing when the header is not kept.</summary>
    public void KeepBound(InferRequest request) => _current?.Request.CopyFrom(request);

    /// <summary>To be said before a request whose header is not looked for.</summary>
    public void Leave() => _current = null;

    private Entry PlaceOf(int bodyLength, int headerLength) => _entries[((bodyLength * 31) + headerLength) & (Places - 1)];

    private sealed class Entry
    {
        public byte[] Header = [];
        public int HeaderLength = -1; // nothing is kept
        public int BodyLength;

        public InferRequest Request { get; } = new();
    }
}
