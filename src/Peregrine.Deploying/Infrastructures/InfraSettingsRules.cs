using Peregrine.Contracts.Deployer;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Infrastructures;

/// <summary>What settings of an infrastructure must fulfil, and their one spelling.</summary>
internal static class InfraSettingsRules
{
    private static readonly string[] SupportedTypes = [InfraTypes.Static];

    public static void CheckType(string type)
    {
        if (SupportedTypes.Contains(type, StringComparer.Ordinal)) return;
        throw (ApiError.BadRequest(
            $"Infrastructures of type '{type}' are not supported by this build.",
            $"Infrastructures of type '{type}' are not supported by this build. Supported: {string.Join(", ", SupportedTypes)}.",
            "UnsupportedInfrastructureType") with { Errors = [new ApiErrorItem("/type", "Unsupported", $"Use {string.Join(" or ", SupportedTypes)}.")] })
            .AsException();
    }

    /// <summary>Node addresses without trailing slash.</summary>
    public static InfraSettings Normalise(InfraSettings settings) => settings with
    {
        ApiNodes = [.. settings.ApiNodes.Select(node => node with { Url = (node.Url ?? "").Trim().TrimEnd('/') })],
    };

    public static void Check(InfraSettings settings, InfraSettings stored)
    {
        CheckType(settings.Type);
        var errors = new List<ApiErrorItem>();
        if (settings.Id != stored.Id) errors.Add(new("/id", "Immutable", $"The id is '{stored.Id}' and cannot change."));
        if (settings.Type != stored.Type) errors.Add(new("/type", "Immutable", $"The type is '{stored.Type}' and cannot change."));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < settings.ApiNodes.Count; i++)
            if (NodeFault(settings.ApiNodes[i].Url, seen) is { } fault)
                errors.Add(new($"/apiNodes/{i}/url", "InvalidUrl", fault));
        if (errors.Count > 0) throw Refusals.Invalid($"The settings of infrastructure '{stored.Id}'", errors);
    }

    private static string? NodeFault(string url, HashSet<string> seen)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return $"'{url}' is not an address like http://node1:8901.";
        if (uri.UserInfo.Length > 0) return "Put the key into adminAPIKey, not into the address.";
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0) return $"'{url}' must end before '?' and '#'.";
        return seen.Add(url) ? null : $"Node '{url}' stands twice.";
    }
}
