using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>
/// The member <c>authRealm.queryKeys</c> of a service's settings: a list of
/// <c>{"id":…,"label":…,"createdOn":…,"createdBy":…,"expiry":null,"endpoints":null,"hash":…}</c>, times in milliseconds since 1970.
/// </summary>
internal static class QueryKeys
{
    public const string Realm = "authRealm";
    public const string Keys = "queryKeys";
    public const string Expiry = "expiry";
    public const string Endpoints = "endpoints";
    public const string Replaces = "replaces";
    private const string Hash = "hash";
    private const string Secret = "key";
    private const int ShortestKey = 16;

    public static JsonArray Of(JsonObject settings) => settings.Child(Realm).List(Keys);

    public static JsonObject? Find(JsonObject settings, string id) =>
        Of(settings).OfType<JsonObject>().FirstOrDefault(key => string.Equals(key.String("id"), id, StringComparison.Ordinal));

    public static void RemoveHashes(JsonObject settings)
    {
        foreach (var key in Of(settings).OfType<JsonObject>()) key.Remove(Hash);
    }

    public static JsonObject Make(string id, string label, string secret, string actor, DateTimeOffset now) => new()
    {
        ["id"] = id,
        ["label"] = label,
        ["createdOn"] = now.ToUnixTimeMilliseconds(),
        ["createdBy"] = actor,
        [Expiry] = null,
        [Endpoints] = null,
        [Hash] = ApiKeyHash.Of(secret).ToString(),
    };

    public static JsonNode? Wire(DateTimeOffset? moment) => moment?.ToUnixTimeMilliseconds();

    public static JsonArray? Wire(IReadOnlyList<string>? names) => names is null ? null : [.. names.Select(name => (JsonNode)name)];

    /// <param name="key">Checked.</param>
    public static ServiceKey Read(JsonObject key) => new(
        key.String("id")!, key.String("label") ?? "", key.String("createdBy") ?? "", DateTimeOffset.FromUnixTimeMilliseconds(AccessMembers.Whole(key["createdOn"]) ?? 0))
    {
        Expiry = ExpiryOf(key), Endpoints = EndpointsOf(key), Replaces = key.String(Replaces),
    };

    /// <summary>As a package carries it.</summary>
    public static ServiceApiKey Packaged(JsonObject key) => new()
    {
        Id = key.String("id")!, Label = key.String("label"), Hash = key.String(Hash)!, Expiry = ExpiryOf(key), Endpoints = EndpointsOf(key),
    };

    /// <summary>Checks the keys that a client sent, hashes those that are new and keeps the hashes of the others; changes <paramref name="settings"/>.</summary>
    public static void Complete(JsonObject settings, JsonObject stored, string actor, DateTimeOffset now, List<ApiErrorItem> faults)
    {
        var known = Of(stored).OfType<JsonObject>().ToDictionary(key => key.String("id")!, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var keys = Of(settings);
        for (var at = 0; at < keys.Count; at++)
        {
            var pointer = $"/{Realm}/{Keys}/{at}";
            if (keys[at] is not JsonObject key)
            {
                faults.Add(new ApiErrorItem(pointer, "BadKey", $"Key {at + 1} is not an object such as {{\"label\":\"shop\",\"key\":\"…\"}}."));
                continue;
            }

            var id = key.String("id") is { Length: > 0 } given ? given : ObjectIds.New();
            if (!seen.Add(id)) faults.Add(new ApiErrorItem($"{pointer}/id", "DuplicateId", $"Two keys have the id '{id}'."));
            key["id"] = id;
            TakeHash(key, known.GetValueOrDefault(id), pointer, actor, now, faults);
            CheckScope(key, settings, pointer, known.ContainsKey(id) ? null : now, faults);
        }
    }

    /// <summary>Checks when a key ends and what it opens, and writes both as they are kept.</summary>
    /// <param name="from">For a new key, which would never work with an end before: now. Else null.</param>
    public static void CheckScope(JsonObject key, JsonObject settings, string pointer, DateTimeOffset? from, List<ApiErrorItem> faults)
    {
        var before = faults.Count;
        var expiry = AccessMembers.Moment(key, Expiry, pointer, faults);
        if (expiry <= from) faults.Add(new ApiErrorItem($"{pointer}/{Expiry}", "PastExpiry", "'expiry' lies in the past: a new key would never work."));
        var endpoints = AccessMembers.Texts(key, Endpoints, pointer, faults);
        if (endpoints is not null) CheckEndpoints(endpoints, settings, $"{pointer}/{Endpoints}", faults);
        if (faults.Count > before) return;
        key[Expiry] = Wire(expiry);
        key[Endpoints] = Wire(endpoints);
    }

    private static void CheckEndpoints(IReadOnlyList<string> endpoints, JsonObject settings, string pointer, List<ApiErrorItem> faults)
    {
        if (endpoints.Count == 0) faults.Add(new ApiErrorItem(pointer, "NoEndpoint", "'endpoints' is empty: such a key would open nothing. Leave it out to open all."));
        var known = ServiceSettings.Endpoints(settings).OfType<JsonObject>().Select(endpoint => endpoint.String("id")).OfType<string>().ToList();
        foreach (var endpoint in endpoints.Except(known, StringComparer.Ordinal))
        {
            var there = known.Count == 0 ? "it has none yet" : $"it has: {string.Join(", ", known)}";
            faults.Add(new ApiErrorItem(pointer, "EndpointNotFound", $"The service has no endpoint '{endpoint}' for a key to open; {there}."));
        }
    }

    private static void TakeHash(JsonObject key, JsonObject? before, string pointer, string actor, DateTimeOffset now, List<ApiErrorItem> faults)
    {
        var id = key.String("id")!;
        var secret = key.String(Secret);
        key.Remove(Secret);
        key.Remove(Hash);
        if (secret is not null && secret.Length < ShortestKey)
            faults.Add(new ApiErrorItem($"{pointer}/{Secret}", "WeakKey", $"Key '{id}' has {secret.Length} characters; give at least {ShortestKey} random ones, or let the server make one."));
        else if (secret is not null)
            key.FilledFrom(Make(id, key.String("label") ?? id, secret, actor, now));
        else if (before is not null)
            key.FilledFrom(before);
        else
            faults.Add(new ApiErrorItem(pointer, "NoKey", $"Key '{id}' is new but has no 'key'. Give one, or add it by POST …/keys to have it made."));
    }

    private static DateTimeOffset? ExpiryOf(JsonObject key) => AccessMembers.Whole(key[Expiry]) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static IReadOnlyList<string>? EndpointsOf(JsonObject key) =>
        key[Endpoints] is JsonArray list ? [.. list.Select(name => name!.GetValue<string>())] : null;
}
