using System.Text.Json.Nodes;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.ApiServices;

/// <summary>The settings document of an API service: defaults, checks, and what packages take from it.</summary>
internal static class ServiceSettings
{
    public const string Public = "PUBLIC";
    public const string ApiKeys = "API_KEYS";
    public const string OAuth2 = "OAUTH2";
    public const string Method = "authMethod";

    public static JsonObject Create(string projectKey, string id) => new()
    {
        ["id"] = id,
        ["projectKey"] = projectKey,
        ["name"] = id,
        [Method] = Public,
        [QueryKeys.Realm] = new JsonObject { [QueryKeys.Keys] = new JsonArray() },
        [OAuth2Settings.Member] = OAuth2Settings.Default(),
        ["endpoints"] = new JsonArray(),
        ["tags"] = new JsonArray(),
        ["shortDesc"] = "",
        ["description"] = "",
    };

    public static JsonArray Endpoints(JsonObject settings) => settings.List("endpoints");

    public static JsonArray TestQueries(JsonObject endpoint) => endpoint.List("testQueries");

    /// <summary>As callers see it: without the hashes.</summary>
    public static JsonObject WithoutHashes(JsonObject settings)
    {
        var shown = (JsonObject)settings.DeepClone();
        QueryKeys.RemoveHashes(shown);
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
        if (settings.String(Method) is not (Public or ApiKeys or OAuth2))
            faults.Add(new ApiErrorItem($"/{Method}", "UnknownAuthMethod", $"Authorization {settings[Method]?.ToJsonString() ?? "null"} is not there; use PUBLIC, API_KEYS or OAUTH2."));
        QueryKeys.Complete(settings, stored, actor, now, faults);
        OAuth2Settings.Complete(settings, isUsed: settings.String(Method) == OAuth2, faults);
        CompleteEndpoints(settings, faults);
        AccessMembers.Refuse("The settings of the API service cannot be used.", faults);
    }

    public static ServiceAuthorization Authorization(JsonObject settings) => settings.String(Method) switch
    {
        Public => ServiceAuthorization.Public,
        OAuth2 => new ServiceAuthorization { Method = AuthorizationMethod.OAuth2, OAuth2 = OAuth2Settings.Read(settings) },
        _ => new ServiceAuthorization { Method = AuthorizationMethod.ApiKeys, Keys = [.. QueryKeys.Of(settings).OfType<JsonObject>().Select(QueryKeys.Packaged)] },
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
            else if (LookupEndpointSettings.IsLookup(endpoint))
            {
                LookupEndpointSettings.Check(endpoint, pointer, faults);
                CheckQueries(endpoint, pointer, "data", faults);
                LookupEndpointSettings.Fill(endpoint);
                continue;
            }
            else if (endpoint.String("modelRef") is not { Length: > 0 })
                faults.Add(new ApiErrorItem($"{pointer}/modelRef", "NoModel", $"Endpoint '{id}' names no saved model ('modelRef')."));
            CheckQueries(endpoint, pointer, "features", faults);
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

    private static void CheckQueries(JsonObject endpoint, string pointer, string record, List<ApiErrorItem> faults)
    {
        if (!endpoint.ContainsKey("testQueries")) return;
        if (endpoint["testQueries"] is not JsonArray queries)
        {
            faults.Add(new ApiErrorItem($"{pointer}/testQueries", "BadQueries", "'testQueries' is not a list."));
            return;
        }

        for (var at = 0; at < queries.Count; at++)
            if (queries[at] is not JsonObject query || query["q"] is not JsonObject { } q || q[record] is not JsonObject)
                faults.Add(new ApiErrorItem($"{pointer}/testQueries/{at}", "BadQuery", $"Test query {at + 1} is not of the form {{\"q\":{{\"{record}\":{{…}}}}}}."));
    }
}
