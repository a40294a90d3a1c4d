using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Designing.ApiServices;

/// <summary>The members of an endpoint's settings that say what becomes of records that differ: <c>"outOfRange":"WARN"</c>, …, <c>"quiet":false</c>.</summary>
internal static class EndpointSchemaSettings
{
    private const string Quiet = "quiet";

    private static readonly (string Member, FeaturePolicy Default)[] s_policies =
    [
        ("unknownFeatures", FeaturePolicy.Refuse), ("missingFeatures", FeaturePolicy.Refuse), ("wrongTypes", FeaturePolicy.Refuse),
        ("convertedTypes", FeaturePolicy.Ignore), ("outOfRange", FeaturePolicy.Ignore), ("unseenCategories", FeaturePolicy.Ignore),
    ];

    /// <summary>All members with their values, defaults where the endpoint has none.</summary>
    public static JsonObject Of(JsonObject endpoint)
    {
        var members = new JsonObject();
        foreach (var (member, standard) in s_policies) members[member] = WordOf(Policy(endpoint, member) ?? standard);
        members[Quiet] = endpoint.Boolean(Quiet) ?? false;
        return members;
    }

    /// <param name="endpoint">Checked.</param>
    public static EndpointSchema Read(JsonObject endpoint)
    {
        FeaturePolicy At(int place) => Policy(endpoint, s_policies[place].Member) ?? s_policies[place].Default;
        return new EndpointSchema
        {
            UnknownFeatures = At(0), MissingFeatures = At(1), WrongTypes = At(2), ConvertedTypes = At(3), OutOfRange = At(4), UnseenCategories = At(5),
            Quiet = endpoint.Boolean(Quiet) ?? false,
        };
    }

    public static JsonObject Write(EndpointSchema schema) => new()
    {
        ["unknownFeatures"] = WordOf(schema.UnknownFeatures), ["missingFeatures"] = WordOf(schema.MissingFeatures), ["wrongTypes"] = WordOf(schema.WrongTypes),
        ["convertedTypes"] = WordOf(schema.ConvertedTypes), ["outOfRange"] = WordOf(schema.OutOfRange), ["unseenCategories"] = WordOf(schema.UnseenCategories),
        [Quiet] = schema.Quiet,
    };

    /// <summary>Puts members into an endpoint's settings; those that are not given stay.</summary>
    /// <exception cref="ApiErrorException">400: a member that is none of these.</exception>
    public static void Apply(JsonObject changes, JsonObject endpoint)
    {
        foreach (var (name, value) in changes)
        {
            if (name != Quiet && !Array.Exists(s_policies, policy => policy.Member == name))
                throw Refusal.Invalid($"'{name}' is no setting of this kind. There are {string.Join(", ", s_policies.Select(policy => policy.Member))} and {Quiet}.");
            endpoint[name] = value?.DeepClone();
        }
    }

    public static void Check(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        foreach (var (member, _) in s_policies)
        {
            if (endpoint.ContainsKey(member) && Policy(endpoint, member) is null)
                faults.Add(new ApiErrorItem($"{pointer}/{member}", "BadPolicy", $"'{member}' is REFUSE, WARN, COUNT or IGNORE, not {endpoint[member]?.ToJsonString() ?? "null"}."));
        }

        if (endpoint.ContainsKey(Quiet) && endpoint.Boolean(Quiet) is null)
            faults.Add(new ApiErrorItem($"{pointer}/{Quiet}", "BadFlag", $"'{Quiet}' is true or false, not {endpoint[Quiet]?.ToJsonString() ?? "null"}."));
        else if (endpoint.Boolean(Quiet) == true && EndpointExplanations.TryRead(endpoint[EndpointExplanations.Member], out _, out _) && EndpointExplanations.Read(endpoint).Enabled)
            faults.Add(new ApiErrorItem($"{pointer}/{Quiet}", "QuietExplains", "A quiet endpoint cannot explain its results: explanations name the features. Turn one of the two off."));
    }

    private static FeaturePolicy? Policy(JsonObject endpoint, string member) => endpoint.String(member) switch
    {
        "REFUSE" => FeaturePolicy.Refuse,
        "WARN" => FeaturePolicy.Warn,
        "COUNT" => FeaturePolicy.Count,
        "IGNORE" => FeaturePolicy.Ignore,
        _ => null,
    };

    private static string WordOf(FeaturePolicy policy) => policy.ToString().ToUpperInvariant();
}
