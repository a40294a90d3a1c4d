using System.Text.Json.Serialization;

namespace Peregrine.Benchmarks.Yardstick;

internal sealed record PredictAnswer(Result Result, Timing Timing, ApiContext ApiContext);

internal sealed record Result(string Prediction, int ProbaPercentile, Probas Probas, bool Ignored);

internal sealed record Probas([property: JsonPropertyName("0")] double No, [property: JsonPropertyName("1")] double Yes);

internal sealed record Timing(double Parse, double Score, double Total);

internal sealed record ApiContext(string ServiceId, string EndpointId, string ServiceGeneration);
