using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Models.Explanations;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Designing.ApiServices;

/// <summary>An endpoint's member <c>explanations</c>, of the form that a request has: <c>{"enabled":false,"method":"SHAPLEY","nExplanations":3}</c>.</summary>
internal static class EndpointExplanations
{
    public const string Member = "explanations";
    private const string Steps = "nMonteCarloSteps";

    private static readonly string[] s_members = ["enabled", "method", "nExplanations", Steps];

    public static JsonObject Default() => new() { ["enabled"] = false, ["method"] = "SHAPLEY", ["nExplanations"] = ExplanationSettings.DefaultCount };

    /// <summary>All members with their values, defaults where the endpoint has none.</summary>
    /// <param name="endpoint">Checked.</param>
    public static JsonObject Of(JsonObject endpoint) => Write(Read(endpoint));

    public static JsonObject Write(ExplanationSettings settings) => new()
    {
        ["enabled"] = settings.Enabled,
        ["method"] = settings.Method == ExplanationMethod.Ice ? "ICE" : "SHAPLEY",
        ["nExplanations"] = settings.NExplanations,
        [Steps] = settings.NMonteCarloSteps,
    };

    /// <summary>Puts members into an endpoint's settings; those that are not given stay, null is as by default.</summary>
    /// <exception cref="ApiErrorException">400: a member that is none of these.</exception>
    public static void Apply(JsonObject changes, JsonObject endpoint)
    {
        var members = endpoint.Child(Member);
        foreach (var (name, value) in changes)
        {
            if (!s_members.Contains(name)) throw Refusal.Invalid($"'{name}' is no setting of this kind. There are {string.Join(", ", s_members)}.");
            members[name] = value?.DeepClone();
        }
    }

    public static void Check(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        if (!TryRead(endpoint[Member], out _, out var fault))
            faults.Add(new ApiErrorItem($"{pointer}/{fault!.Pointer}", "BadExplanations", fault.Message));
    }

    /// <param name="endpoint">Checked.</param>
    public static ExplanationSettings Read(JsonObject endpoint)
    {
        TryRead(endpoint[Member], out var asked, out _);
        var request = asked.Or(new ExplanationSettings());
        return new ExplanationSettings
        {
            Enabled = request.Enabled, Method = request.Method, NExplanations = request.Count, NMonteCarloSteps = (int?)AccessMembers.Whole((endpoint[Member] as JsonObject)?[Steps]),
        };
    }

    /// <summary>Whether it is valid and explains unasked.</summary>
    public static bool AreOn(JsonObject endpoint) => TryRead(endpoint[Member], out var asked, out _) && asked.Enabled == true;

    /// <summary>Absent is null: as by default.</summary>
    public static bool TryRead(JsonNode? value, out AskedExplanations asked, out ExplanationFault? fault)
    {
        var json = new JsonScanner(Encoding.UTF8.GetBytes(value is null ? "null" : Documents.Text(value)));
        return ExplanationsReader.TryRead(ref json, out asked, out fault);
    }
}
