using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds;

namespace Peregrine.Serving.Snapshots;

/// <summary>What one path of the user API leads to.</summary>
/// <param name="Forced">The generation that the path names; null: the mapping picks one.</param>
/// <param name="OfKind">The call, where it is none of a prediction endpoint.</param>
internal sealed record UserRoute(EndpointRoute Endpoint, PredictionCall Call, LoadedGeneration? Forced = null, KindCall? OfKind = null);
