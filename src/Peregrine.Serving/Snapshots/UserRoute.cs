namespace Peregrine.Serving.Snapshots;

/// <summary>What one path of the user API leads to.</summary>
internal sealed record UserRoute(EndpointRoute Endpoint, PredictionCall Call);
