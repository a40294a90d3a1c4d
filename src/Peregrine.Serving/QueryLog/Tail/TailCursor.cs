using System.Globalization;

namespace Peregrine.Serving.QueryLog.Tail;

/// <summary>A place in the query log: <c>queries-….jsonl:1234</c>.</summary>
internal readonly record struct TailCursor(string File, long Offset)
{
    public static bool TryParse(string text, out TailCursor cursor)
    {
        cursor = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return false;
        cursor = new TailCursor(text[..colon], offset);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Offset}");
}
