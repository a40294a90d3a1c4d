using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Packages.Kinds.Clustering;

/// <summary>Answers with the cluster that a record of features lies nearest to. A prediction endpoint in all but its model, and without explanations.</summary>
public sealed class ClusteringEndpointKind : PredictionEndpointKind
{
    public new const string KindId = "STD_CLUSTERING";

    public override string Id => KindId;

    protected override bool Takes(PredictionKind prediction) => prediction == PredictionKind.Clustering;

    protected override IReadOnlyList<PackageFault> OwnFaults(PredictionSettings settings) => settings.Explanations.Enabled
        ? [new(PackageFaultCode.BadManifest, "explanations/enabled", "A clustering endpoint has no score to explain.", "Turn its explanations off: the distances in its results say how near each cluster is.")]
        : [];
}
