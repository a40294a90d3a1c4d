namespace Peregrine.Serving.Shadows;

/// <summary>One record of a copy, and what the caller was answered.</summary>
/// <param name="number">Place in a call with many; -1 in a call with one.</param>
/// <param name="features">The object of features.</param>
/// <param name="context">The caller's context; empty: none.</param>
/// <param name="result">The result object that the caller got.</param>
internal readonly ref struct ShadowRecord(int number, ReadOnlySpan<byte> features, ReadOnlySpan<byte> context, ReadOnlySpan<byte> result)
{
    public int Number { get; } = number;

    public ReadOnlySpan<byte> Features { get; } = features;

    public ReadOnlySpan<byte> Context { get; } = context;

    public ReadOnlySpan<byte> Result { get; } = result;
}
