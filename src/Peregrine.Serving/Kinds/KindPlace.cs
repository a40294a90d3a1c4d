using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Kinds;

/// <summary>Where an endpoint is served.</summary>
internal sealed record KindPlace(string Service, string Generation, EndpointMeter Meter);
