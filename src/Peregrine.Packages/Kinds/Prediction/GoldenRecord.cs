namespace Peregrine.Packages.Kinds.Prediction;

/// <param name="Input">Object of features, UTF-8 JSON.</param>
/// <param name="Expected">The answer as <see cref="PredictionResultWriter"/> writes it: its doubles name their bits exactly.</param>
public sealed record GoldenRecord(ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Expected);
