namespace Peregrine.Serving.Generations;

/// <summary>A generation as one snapshot knows it.</summary>
/// <param name="Stored">What the disk holds.</param>
/// <param name="Loaded">The program, when it is loaded.</param>
/// <param name="Failure">Why it could not be loaded when it should have been.</param>
internal sealed record GenerationEntry(StoredGeneration Stored, LoadedGeneration? Loaded = null, string? Failure = null);
