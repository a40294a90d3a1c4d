using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Snapshots;

/// <summary>What one path of the user API leads to.</summary>
/// <param name="Forced">The generation that the path names; null: the mapping picks one.</param>
internal sealed record UserRoute(EndpointRoute Endpoint, PredictionCall Call, LoadedGeneration? Forced = null);
