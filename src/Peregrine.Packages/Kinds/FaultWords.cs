using System.Text;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds;

/// <summary>Words that faults of records of every kind share.</summary>
internal static class FaultWords
{
    private const int LongestExcerpt = 60;

    /// <summary>What a field's value must be.</summary>
    public static string Wanted(FieldKind kind) => kind switch
    {
        FieldKind.Text => "text",
        FieldKind.Number or FieldKind.Integer => "a number",
        FieldKind.Boolean => "true or false",
        FieldKind.DateTime => "a date and time such as 2026-01-31T12:00:00Z",
        _ => "a date such as 2026-01-31",
    };

    /// <summary>What stands at a fault's place in the text that was scanned.</summary>
    public static string Excerpt(RecordFault fault, ReadOnlySpan<byte> json)
    {
        if (fault.Start >= json.Length) return "nothing";
        if (fault.Length == 0) return json[fault.Start] switch { (byte)'{' => "an object", (byte)'[' => "a list", _ => "something else" };
        return Shorten(Encoding.UTF8.GetString(json.Slice(fault.Start, Math.Min(fault.Length, json.Length - fault.Start))));
    }

    /// <summary>No more of a text than a message can hold.</summary>
    public static string Shorten(string text) => text.Length <= LongestExcerpt ? text : text[..LongestExcerpt] + "…";
}
