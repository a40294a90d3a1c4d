using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;

namespace Peregrine.Serving.Access.Keys;

/// <summary>Checks the keys that a Deployer sends before any of them is taken.</summary>
internal static class DeployedKeyReader
{
    /// <exception cref="ApiErrorException">400: something is wrong; it lists all of it.</exception>
    public static IReadOnlyList<StoredServiceKey> Read(DeployedKeys given)
    {
        if (given.Keys is null) throw Bad([new ApiErrorItem("/keys", "InvalidKey", "'/keys' must be a list of keys.")]);
        var errors = new List<ApiErrorItem>();
        for (var i = 0; i < given.Keys.Count; i++) Check(given.Keys[i], $"/keys/{i}", errors);
        if (errors.Count == 0 && given.Keys.GroupBy(key => key.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            Add(errors, "/keys", $"has the id '{twice.Key}' twice");
        return errors.Count > 0 ? throw Bad(errors) : [.. given.Keys.Select(Stored)];
    }

    private static void Check(DeployedKey? key, string place, List<ApiErrorItem> errors)
    {
        if (key is null)
        {
            Add(errors, place, "must be an object");
            return;
        }

        if (!PackageIds.IsValid(key.Id)) Add(errors, $"{place}/id", $"must be {PackageIds.Rule}");
        if (!ApiKeyHash.TryParse(key.Hash, out _)) Add(errors, $"{place}/hash", "must be a SHA-256 as 64 hex digits");
        if (key.Label is null) Add(errors, $"{place}/label", "must be a string");
        if (!IsMoment(key.CreatedOn)) Add(errors, $"{place}/createdOn", "must be milliseconds since 1970");
        if (key.Expiry is { } end && !IsMoment(end)) Add(errors, $"{place}/expiry", "must be milliseconds since 1970, or null");
        if (key.Endpoints is { } endpoints && (endpoints.Count == 0 || !endpoints.All(PackageIds.IsValid)))
            Add(errors, $"{place}/endpoints", "must be a list of ids of endpoints with at least one, or null for all");
    }

    /// <summary>Up to the last millisecond of year 9999.</summary>
    private static bool IsMoment(long milliseconds) => milliseconds is >= 0 and <= 253_402_300_799_999;

    private static StoredServiceKey Stored(DeployedKey key) => new()
    {
        Id = key.Id,
        Hash = key.Hash.ToLowerInvariant(),
        Label = key.Label,
        CreatedOn = DateTimeOffset.FromUnixTimeMilliseconds(key.CreatedOn),
        CreatedBy = key.CreatedBy,
        Expiry = key.Expiry is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        Endpoints = key.Endpoints,
        Replaces = key.Replaces,
        Source = NodeServiceKey.FromDeployer,
    };

    private static void Add(List<ApiErrorItem> errors, string place, string rule) => errors.Add(new ApiErrorItem(place, "InvalidKey", $"'{place}' {rule}."));

    private static ApiErrorException Bad(IReadOnlyList<ApiErrorItem> errors) =>
        (ApiError.BadRequest(errors[0].Message, errorType: "InvalidKey") with { Errors = errors }).AsException();
}
