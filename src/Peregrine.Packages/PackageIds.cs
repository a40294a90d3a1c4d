using System.Buffers;

namespace Peregrine.Packages;

/// <summary>Ids of services, versions and endpoints: they stand unescaped in URLs and in file names.</summary>
public static class PackageIds
{
    public const int MaxLength = 100;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 100 letters, digits, '_', '-' or '.', not starting with a dot";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id[0] != '.' && !id.AsSpan().ContainsAnyExcept(Allowed);
}
