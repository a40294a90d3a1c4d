namespace Peregrine.Serving.Predictions;

/// <summary>A stretch of the body; empty when the member is absent.</summary>
internal readonly record struct Piece(int Start, int End)
{
    public bool IsEmpty => End == Start;

    public int Length => End - Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body[Start..End];
}
