using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>A trained model of the lab as its snippet tells.</summary>
public sealed record LabModel
{
    public required string Id { get; init; }
    public required string Algorithm { get; init; }

    /// <summary>DONE or FAILED.</summary>
    public required string State { get; init; }
    public string? Failure { get; init; }
    public required JsonObject Snippet { get; init; }

    public bool IsDone => string.Equals(State, "DONE", StringComparison.Ordinal);

    /// <summary>A metric under its wire name (auc, averagePrecision, logLoss, r2, …); null when the model has none.</summary>
    public double? Metric(string name) => Snippet[name] is JsonValue value && value.TryGetValue<double>(out var metric) ? metric : null;

    /// <summary>How long the server worked on it.</summary>
    public double? TrainingSeconds =>
        Snippet["trainInfo"] is JsonObject info && info["startTime"] is JsonValue start && info["endTime"] is JsonValue end
        && start.TryGetValue<long>(out var from) && end.TryGetValue<long>(out var to) ? (to - from) / 1000.0 : null;

    public static LabModel Of(string id, JsonObject snippet) => new()
    {
        Id = id,
        Algorithm = snippet["algorithmName"]?.GetValue<string>() ?? snippet["algorithm"]?.GetValue<string>() ?? "?",
        State = snippet["trainInfo"]?["state"]?.GetValue<string>() ?? "?",
        Failure = snippet["trainInfo"]?["failure"]?["message"]?.GetValue<string>(),
        Snippet = snippet,
    };
}
