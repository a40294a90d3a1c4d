namespace Peregrine.Serving.Predictions;

/// <summary>A prepared record on its way to the query log.</summary>
/// <param name="json">What the line gets; empty: nothing.</param>
/// <param name="isInResult">Whether the answer's result holds the record as its last member. The line's result stops before it: what columns the log may hold is not settled there.</param>
internal readonly ref struct PreparedText(ReadOnlySpan<byte> json, bool isInResult)
{
    public readonly ReadOnlySpan<byte> Json = json;
    public readonly bool IsInResult = isInResult;
}
