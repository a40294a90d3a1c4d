namespace Peregrine.Serving.Predictions;

/// <summary>What one call may ask for.</summary>
/// <param name="MaxRecords">See <see cref="ServingOptions.MaxRecordsPerRequest"/>.</param>
/// <param name="MostWarnings">See <see cref="SchemaOptions.MostWarnings"/>.</param>
internal readonly record struct PassLimits(int MaxRecords, int MostWarnings);
