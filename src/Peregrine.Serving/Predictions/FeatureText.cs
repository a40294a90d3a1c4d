namespace Peregrine.Serving.Predictions;

/// <summary>A record's JSON on its way to the query log, which takes it on one line without blanks.</summary>
/// <param name="isCompact">Whether it is such already, as what we have written ourselves.</param>
internal readonly ref struct FeatureText(ReadOnlySpan<byte> json, bool isCompact)
{
    /// <summary>Most bytes that <see cref="CopyTo"/> writes.</summary>
    public int Bound => isCompact ? Json.Length : JsonText.CompactBound(Json.Length);

    private ReadOnlySpan<byte> Json { get; } = json;

    /// <summary>The caller's own JSON, laid out as he likes.</summary>
    public static implicit operator FeatureText(ReadOnlySpan<byte> json) => new(json, isCompact: false);

    /// <returns>Bytes that were written.</returns>
    public int CopyTo(Span<byte> line)
    {
        if (!isCompact) return JsonText.Compact(Json, line);
        Json.CopyTo(line);
        return Json.Length;
    }
}
