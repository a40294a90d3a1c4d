using Peregrine.Hosting.Errors;
using Peregrine.Packages;

namespace Peregrine.Deploying;

/// <summary>Ids stand unescaped in paths, so they are kept to letters that need no escaping.</summary>
internal static class Ids
{
    /// <param name="member">Name of the member that holds the id, for the error.</param>
    public static string Check(string? id, string member) => PackageIds.IsValid(id)
        ? id!
        : throw Refusals.Invalid($"'{id}'", [new ApiErrorItem($"/{member}", "InvalidId", $"An id has {PackageIds.Rule}.")]);
}
