using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.ApiServices;

/// <summary>The settings document of an API service: defaults, checks, and the keys, of which only hashes are kept.</summary>
internal static class ServiceSettings
{
    public const string Public = "PUBLIC";
    public const string ApiKeys = "API_KEYS";
    private const int ShortestKey = 16;
    private const string Realm = "authRealm";
    private const string Keys = "queryKeys";

    public static JsonObject Create(string projectKey, string id) => new()
    {
        ["id"] = id,
        ["projectKey"] = projectKey,
        ["name"] = id,
        ["authMethod"] = Public,
        [Realm] = new JsonObject { [Keys] = new JsonArray() },
        ["endpoints"] = new JsonArray(),
        ["tags"] = new JsonArray(),
        ["shortDesc"] = "",
        ["description"] = "",
    };

    public static JsonArray Endpoints(JsonObject settings) => settings.List("endpoints");

    public static JsonArray QueryKeys(JsonObject settings) => settings.Child(Realm).List(Keys);

    public static JsonArray TestQueries(JsonObject endpoint) => endpoint.List("testQueries");

    /// <summary>As callers see it: without the hashes.</summary>
    public static JsonObject WithoutHashes(JsonObject settings)
    {
        var shown = (JsonObject)settings.DeepClone();
        foreach (var key in QueryKeys(shown).OfType<JsonObject>()) key.Remove("hash");
        return shown;
    }

    /// <summary>Checks what a client sent, fills its defaults and hashes new keys; changes <paramref name="settings"/>.</summary>
    /// <exception cref="ApiErrorException">400 with an item for each fault.</exception>
    public static void Complete(JsonObject settings, JsonObject stored, string actor, DateTimeOffset now)
    {
        var faults = new List<ApiErrorItem>();
        settings.FilledFrom(Create(stored.String("projectKey")!, stored.String("id")!));
        settings["id"] = stored["id"]!.DeepClone();
        settings["projectKey"] = stored["projectKey"]!.DeepClone();
        if (settings.String("authMethod") is not (Public or ApiKeys))
            faults.Add(new ApiErrorItem("/authMethod", "UnknownAuthMethod", $"Authorization '{settings["authMethod"]?.ToJsonString()}' is not there; use PUBLIC or API_KEYS."));
        CompleteKeys(settings, stored, actor, now, faults);
        CompleteEndpoints(settings, faults);
        if (faults.Count == 0) return;
        var summary = string.Join(" ", faults.Select(fault => fault.Message));
        throw (ApiError.BadRequest("The settings of the API service cannot be used.", summary, "BadSettings") with { Errors = faults }).AsException();
    }

    public static JsonObject NewKey(string id, string label, string secret, string actor, DateTimeOffset now) => new()
    {
        ["id"] = id,
        ["label"] = label,
        ["createdOn"] = now.ToUnixTimeMilliseconds(),
        ["createdBy"] = actor,
        ["hash"] = ApiKeyHash.Of(secret).ToString(),
    };

    public static ServiceAuthorization Authorization(JsonObject settings) =>
        string.Equals(settings.String("authMethod"), Public, StringComparison.Ordinal)
            ? ServiceAuthorization.Public
            : new ServiceAuthorization
            {
                Method = AuthorizationMethod.ApiKeys,
                Keys =
                [
                    .. QueryKeys(settings).OfType<JsonObject>().Select(key => new ServiceApiKey
                    {
                        Id = key.String("id")!, Label = key.String("label"), Hash = key.String("hash")!,
                    }),
                ],
            };

    public static PredictionSettings Prediction(JsonObject endpoint, string modelReference)
    {
        var schema = EndpointSchemaSettings.Read(endpoint);
        var log = EndpointLogSettings.Read(endpoint);
        return new()
        {
            ModelRef = modelReference,
            UnknownFeatures = schema.UnknownFeatures,
            MissingFeatures = schema.MissingFeatures,
            WrongTypes = schema.WrongTypes,
            ConvertedTypes = schema.ConvertedTypes,
            OutOfRange = schema.OutOfRange,
            UnseenCategories = schema.UnseenCategories,
            Quiet = schema.Quiet,
            Explanations = EndpointExplanations.Read(endpoint),
            PostEnrichment = log.PostEnrichment is { InAnswer: false, InLog: false } ? null : log.PostEnrichment,
            LogColumns = log.Columns.Count == 0 ? null : log.Columns,
        };
    }

    private static void CompleteKeys(JsonObject settings, JsonObject stored, string actor, DateTimeOffset now, List<ApiErrorItem> faults)
    {
        var known = QueryKeys(stored).OfType<JsonObject>().ToDictionary(key => key.String("id")!, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var keys = QueryKeys(settings);
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
            var secret = key.String("key");
            key.Remove("key");
            key.Remove("hash");
            key["id"] = id;
            if (secret is not null && secret.Length < ShortestKey)
                faults.Add(new ApiErrorItem($"{pointer}/key", "WeakKey", $"Key '{id}' has {secret.Length} characters; give at least {ShortestKey} random ones, or let the server make one."));
            else if (secret is not null)
                key.FilledFrom(NewKey(id, key.String("label") ?? id, secret, actor, now));
            else if (known.TryGetValue(id, out var before))
                key.FilledFrom(before);
            else
                faults.Add(new ApiErrorItem(pointer, "NoKey", $"Key '{id}' is new but has no 'key'. Give one, or add it by POST …/keys to have it made."));
        }
    }

    private static void CompleteEndpoints(JsonObject settings, List<ApiErrorItem> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var endpoints = Endpoints(settings);
        for (var at = 0; at < endpoints.Count; at++)
        {
            var pointer = $"/endpoints/{at}";
            if (endpoints[at] is not JsonObject endpoint)
            {
                faults.Add(new ApiErrorItem(pointer, "BadEndpoint", $"Endpoint {at + 1} is not an object."));
                continue;
            }

            var id = endpoint.String("id");
            if (!PackageIds.IsValid(id))
                faults.Add(new ApiErrorItem($"{pointer}/id", "BadId", $"'{id}' cannot be the id of an endpoint: an id is {PackageIds.Rule}."));
            else if (!seen.Add(id!))
                faults.Add(new ApiErrorItem($"{pointer}/id", "DuplicateId", $"Two endpoints have the id '{id}'."));
            var type = endpoint.String("type");
            if (type is null || EndpointKinds.All.Find(type) is null)
                faults.Add(new ApiErrorItem($"{pointer}/type", "UnknownKind", $"Endpoint '{id}' is of kind '{type}'; there are {string.Join(", ", EndpointKinds.All.Ids)}."));
            else if (endpoint.String("modelRef") is not { Length: > 0 })
                faults.Add(new ApiErrorItem($"{pointer}/modelRef", "NoModel", $"Endpoint '{id}' names no saved model ('modelRef')."));
            CheckQueries(endpoint, pointer, faults);
            EndpointExplanations.Check(endpoint, pointer, faults);
            if (type == ClusteringEndpointKind.KindId && EndpointExplanations.AreOn(endpoint))
                faults.Add(new ApiErrorItem($"{pointer}/explanations/enabled", "NothingToExplain", $"Endpoint '{id}' puts records into clusters: there is no score to explain. Turn explanations off."));
            EndpointSchemaSettings.Check(endpoint, pointer, faults);
            EndpointLogSettings.Check(endpoint, pointer, faults);
            endpoint.FilledFrom(Defaults());
            endpoint.FilledFrom(EndpointSchemaSettings.Of(endpoint));
            endpoint.FilledFrom(EndpointLogSettings.Of(endpoint));
        }
    }

    private static JsonObject Defaults() => new()
    {
        ["useJava"] = true,
        [EndpointExplanations.Member] = EndpointExplanations.Default(),
        ["testQueries"] = new JsonArray(),
    };

    private static void CheckQueries(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        if (!endpoint.ContainsKey("testQueries")) return;
        if (endpoint["testQueries"] is not JsonArray queries)
        {
            faults.Add(new ApiErrorItem($"{pointer}/testQueries", "BadQueries", "'testQueries' is not a list."));
            return;
        }

        for (var at = 0; at < queries.Count; at++)
            if (queries[at] is not JsonObject query || query["q"] is not JsonObject { } q || q["features"] is not JsonObject)
                faults.Add(new ApiErrorItem($"{pointer}/testQueries/{at}", "BadQuery", $"Test query {at + 1} is not of the form {{\"q\":{{\"features\":{{…}}}}}}."));
    }
}
