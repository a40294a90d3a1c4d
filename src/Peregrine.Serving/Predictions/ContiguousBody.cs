using System.Buffers;

namespace Peregrine.Serving.Predictions;

/// <summary>A copy of a body that arrived in pieces, in one piece of pooled memory.</summary>
internal readonly ref struct ContiguousBody
{
    private readonly byte[] _bytes;
    private readonly int _length;

    public ContiguousBody(in ReadOnlySequence<byte> pieces)
    {
        _length = checked((int)pieces.Length);
        _bytes = ArrayPool<byte>.Shared.Rent(_length);
        pieces.CopyTo(_bytes);
    }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
