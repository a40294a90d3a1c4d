using System.Text.RegularExpressions;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying;

/// <summary>Ids stand unescaped in paths, so they are kept to letters that need no escaping.</summary>
internal static partial class Ids
{
    /// <param name="member">Name of the member that holds the id, for the error.</param>
    public static string Check(string? id, string member) => id is not null && Pattern().IsMatch(id)
        ? id
        : throw Refusals.Invalid($"'{id}'", [new ApiErrorItem($"/{member}", "InvalidId", "An id has 1 to 100 letters, digits, '_', '-' or '.', not starting with a dot.")]);

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
