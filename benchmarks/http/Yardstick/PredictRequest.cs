namespace Peregrine.Benchmarks.Yardstick;

/// <summary>The body of the demo's <c>predict</c>.</summary>
internal sealed record PredictRequest(Payment Features);
