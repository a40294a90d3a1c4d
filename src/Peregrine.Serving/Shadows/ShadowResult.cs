using System.Text.Json;

namespace Peregrine.Serving.Shadows;

/// <summary>What a result object of an answer says, as far as two of them are compared.</summary>
internal sealed record ShadowResult
{
    public bool Ignored { get; private init; }

    /// <summary>The predicted class; null for a number.</summary>
    public string? Label { get; private init; }

    /// <summary>The predicted number, or the distance to the predicted cluster; not a number for a class.</summary>
    public double Value { get; private init; } = double.NaN;

    /// <summary>Probabilities by class; empty when there are none.</summary>
    public IReadOnlyDictionary<string, double> Probabilities { get; private init; } = new Dictionary<string, double>();

    /// <param name="json">A result object as <c>predict</c> answers it.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static ShadowResult Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var prediction = root.TryGetProperty("prediction", out var found) ? found : default;
        return new ShadowResult
        {
            Ignored = root.TryGetProperty("ignored", out var ignored) && ignored.ValueKind == JsonValueKind.True,
            Label = prediction.ValueKind == JsonValueKind.String ? prediction.GetString() : null,
            Value = prediction.ValueKind == JsonValueKind.Number ? prediction.GetDouble()
                : root.TryGetProperty("distance", out var distance) && distance.ValueKind == JsonValueKind.Number ? distance.GetDouble() : double.NaN,
            Probabilities = root.TryGetProperty("probas", out var probas) && probas.ValueKind == JsonValueKind.Object
                ? probas.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ValueKind == JsonValueKind.Number ? one.Value.GetDouble() : 0, StringComparer.Ordinal)
                : new Dictionary<string, double>(),
        };
    }

    /// <summary>Whether both come to the same: the same class, or numbers that differ by at most a billionth of the larger.</summary>
    public bool AgreesWith(ShadowResult other)
    {
        if (Ignored || other.Ignored) return Ignored == other.Ignored;
        if (Label is not null || other.Label is not null) return Label == other.Label;
        return Math.Abs(Value - other.Value) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(Value), Math.Abs(other.Value)));
    }

    /// <summary>How far the scores lie apart: the largest difference of a class's probability, 0 to 1, or that of the numbers or of the distances to the clusters. Null: there is nothing to compare.</summary>
    public double? DistanceTo(ShadowResult other)
    {
        if (Ignored || other.Ignored) return null;
        if (Probabilities.Count == 0 || other.Probabilities.Count == 0) return double.IsFinite(Value - other.Value) ? Math.Abs(Value - other.Value) : null;
        return Probabilities.Keys.Union(other.Probabilities.Keys, StringComparer.Ordinal)
            .Max(label => Math.Abs(Probabilities.GetValueOrDefault(label) - other.Probabilities.GetValueOrDefault(label)));
    }
}
