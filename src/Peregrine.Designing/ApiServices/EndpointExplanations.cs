using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Designing.ApiServices;

/// <summary>An endpoint's member <c>explanations</c>, of the form that a request has: <c>{"enabled":false,"method":"SHAPLEY","nExplanations":3}</c>.</summary>
internal static class EndpointExplanations
{
    public const string Member = "explanations";

    public static JsonObject Default() => new() { ["enabled"] = false, ["method"] = "SHAPLEY", ["nExplanations"] = ExplanationSettings.DefaultCount };

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
        return new ExplanationSettings { Enabled = request.Enabled, Method = request.Method, NExplanations = request.Count };
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
