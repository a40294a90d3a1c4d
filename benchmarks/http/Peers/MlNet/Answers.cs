using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Benchmarks.MlNet;

internal sealed record PredictRequest(Payment Features);

internal sealed record PredictAnswer(Result Result);

internal sealed record Result(string Prediction, Probas Probas);

internal sealed record Probas([property: JsonPropertyName("0")] double No, [property: JsonPropertyName("1")] double Yes);

internal sealed class Score
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(PredictAnswer))]
internal sealed partial class MlNetJson : JsonSerializerContext;
