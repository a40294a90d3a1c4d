using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Packages.Kinds.Clustering;

/// <summary>A clustering endpoint on its way into a package.</summary>
public sealed record ClusteringEndpointSource : PredictionEndpointSource
{
    public override string Kind => ClusteringEndpointKind.KindId;
}
