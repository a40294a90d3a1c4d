using System.Text.Json;
using Peregrine.Web.Text;

namespace Peregrine.Web.Charts;

/// <summary>How far one feature moved a prediction.</summary>
/// <param name="Value">What the record has of it, as text; null when it is made in preparation and not in the record.</param>
/// <param name="Amount">In the unit of the score; above 0 raises it.</param>
public sealed record Influence(string Feature, string? Value, double Amount)
{
    /// <summary>"+0.4211", "−1.2", "0".</summary>
    public string Text => Amount > 0 ? "+" + Figures.Value(Amount) : Amount < 0 ? "\u2212" + Figures.Value(-Amount) : "0";

    /// <summary>The influences that a result of a prediction carries, largest first; empty when it carries none.</summary>
    /// <param name="result">The object with <c>explanations</c>.</param>
    /// <param name="features">The record that was asked about.</param>
    public static IReadOnlyList<Influence> Of(JsonElement result, JsonElement features)
    {
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("explanations", out var explanations) || explanations.ValueKind != JsonValueKind.Object) return [];
        return
        [
            .. explanations.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Number)
                .Select(one => new Influence(one.Name, ValueOf(features, one.Name), one.Value.GetDouble()))
                .OrderByDescending(one => Math.Abs(one.Amount)),
        ];
    }

    private static string? ValueOf(JsonElement features, string name)
    {
        if (features.ValueKind != JsonValueKind.Object || !features.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => "missing",
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
    }
}
