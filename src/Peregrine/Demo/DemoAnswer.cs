using System.Globalization;
using System.Text.Json;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Demo;

/// <summary>One test query and what the API node said.</summary>
/// <param name="Request">The body that was sent.</param>
internal sealed record DemoAnswer(string Request, string Payment, string Amount, string At, string Prediction, double Probability, string Percentile, double Milliseconds)
{
    public static DemoAnswer Of(QueryRunResult run)
    {
        var features = run.Query.TryGetProperty("features", out var found) ? found : default;
        var result = run.Answer is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("result", out var inner) ? inner : default;
        return new DemoAnswer(
            run.Query.GetRawText(), Text(features, "card_id"), Text(features, "amount"), Text(features, "paid_at"), Text(result, "prediction"), ProbabilityOfFraud(result),
            Text(result, "probaPercentile"), run.Milliseconds);
    }

    public IReadOnlyList<string> Row() =>
    [
        $"card {Payment}", Amount, At, Prediction == "1" ? "FRAUD" : "no", Probability.ToString("0.0000", CultureInfo.InvariantCulture), Percentile,
        string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:0.0} ms"),
    ];

    private static double ProbabilityOfFraud(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("probas", out var classes) && classes.TryGetProperty("1", out var fraud) ? fraud.GetDouble() : 0;

    private static string Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) ? value.ToString() : "";
}
