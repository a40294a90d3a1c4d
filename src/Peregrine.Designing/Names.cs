using System.Buffers;

namespace Peregrine.Designing;

/// <summary>Which names and ids objects may have. They are pasted into paths and composed ids unescaped, so they are narrow.</summary>
internal static class Names
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Word =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly SearchValues<char> WordAndDash =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly SearchValues<char> WordDashDot =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private static readonly HashSet<string> ReservedDatasets = new(StringComparer.OrdinalIgnoreCase) { "managed", "tables-import" };

    private static readonly HashSet<string> ReservedIds = new(StringComparer.OrdinalIgnoreCase) { "documentations", "labs", "mltask-queues" };

    /// <summary>Part of composed ids that clients take apart: word characters only.</summary>
    public static string ProjectKey(string? key) =>
        Check("project key", key, Word, "letters, digits and _", ReservedIds);

    public static string SavedModelId(string? id) =>
        Check("saved model id", id, Word, "letters, digits and _", ReservedIds);

    /// <summary>No dots: a dot parts project and dataset in a reference.</summary>
    public static string Dataset(string? name) =>
        Check("dataset name", name, WordAndDash, "letters, digits, _ and -", ReservedDatasets);

    public static string ServiceId(string? id) => Check("API service id", id, WordDashDot, "letters, digits, _ - and .", ReservedIds);

    public static string EndpointId(string? id) => Check("endpoint id", id, WordDashDot, "letters, digits, _ - and .", ReservedIds);

    public static string PackageId(string? id) => Check("version id", id, WordDashDot, "letters, digits, _ - and .", ReservedIds);

    private static string Check(string what, string? value, SearchValues<char> allowed, string allowedText, HashSet<string> reserved)
    {
        if (string.IsNullOrEmpty(value)) throw Refusal.Invalid($"The {what} is missing: give one of {allowedText}.");
        if (value.Length > MaxLength) throw Refusal.Invalid($"The {what} has {value.Length} characters; {MaxLength} is the most.");
        if (value.AsSpan().IndexOfAnyExcept(allowed) is >= 0 and var at)
            throw Refusal.Invalid($"The {what} '{value}' has '{value[at]}' at position {at + 1}; use {allowedText}.");
        if (value[0] is '.' or '-') throw Refusal.Invalid($"The {what} '{value}' begins with '{value[0]}'; begin with a letter, a digit or _.");
        if (reserved.Contains(value)) throw Refusal.Invalid($"'{value}' is a reserved word and cannot be a {what}; choose another.");
        return value;
    }
}
