using System.Text.Json;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Charts;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer;

/// <summary>What a prediction endpoint answered, read leniently: another kind of answer leaves the members empty.</summary>
public sealed record PredictionAnswer(string? Prediction, IReadOnlyList<BarItem> Probabilities, string? Problem)
{
    /// <summary>How far each feature moved it, largest first; empty unless the answer explains.</summary>
    public IReadOnlyList<Influence> Influences { get; init; } = [];

    /// <summary>Of the predicted class.</summary>
    public double? Probability => Probabilities.FirstOrDefault(bar => bar.Name == Prediction)?.Value;

    public static PredictionAnswer Of(QueryRunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Answer is not { ValueKind: JsonValueKind.Object } answer) return new PredictionAnswer(null, [], run.Error);
        if (!run.Success) return new PredictionAnswer(null, [], Text(answer, "message"));
        if (!answer.TryGetProperty("result", out var result) && !TryFirst(answer, out result) || result.ValueKind != JsonValueKind.Object) return new PredictionAnswer(null, [], null);
        if (result.TryGetProperty("ignored", out var ignored) && ignored.ValueKind == JsonValueKind.True)
            return new PredictionAnswer("ignored", [], Text(result, "ignoreReason"));
        return new PredictionAnswer(Text(result, "prediction"), Bars(result), null) { Influences = Influence.Of(result, Features(run.Query)) };
    }

    private static JsonElement Features(JsonElement query) => query.ValueKind == JsonValueKind.Object && query.TryGetProperty("features", out var features) ? features : default;

    /// <summary>A lookup answers a list, of one for one record.</summary>
    private static bool TryFirst(JsonElement answer, out JsonElement result)
    {
        result = default;
        if (!answer.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() != 1) return false;
        result = results[0];
        return true;
    }

    private static IReadOnlyList<BarItem> Bars(JsonElement result) =>
        result.TryGetProperty("probas", out var probas) && probas.ValueKind == JsonValueKind.Object
            ? [.. probas.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number)
                .Select(p => new BarItem(p.Name, p.Value.GetDouble(), Figures.Score(p.Value.GetDouble()))).OrderByDescending(bar => bar.Value)]
            : [];

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null
        : null;
}
