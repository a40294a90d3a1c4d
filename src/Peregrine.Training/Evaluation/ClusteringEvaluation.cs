namespace Peregrine.Training.Evaluation;

/// <summary>Clusters: how well they stand apart, and what is in them.</summary>
public sealed record ClusteringEvaluation
{
    /// <summary>Mean over a sample of the rows, -1 to 1; outliers count to their nearest cluster.</summary>
    public required double Silhouette { get; init; }

    /// <summary>Rows that the silhouette is of, exactly.</summary>
    public required int SilhouetteRows { get; init; }

    /// <summary>Sum of squared distances to the centroids over the rows that these were found on, in the space of the features.</summary>
    public required double Inertia { get; init; }

    /// <summary>Share of the spread of those rows that lies between clusters, 0 to 1.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>Rows that the centroids were found on.</summary>
    public required int FitRows { get; init; }

    /// <summary>What each number of clusters came to, in ascending order.</summary>
    public required IReadOnlyList<TriedClusters> Tried { get; init; }

    /// <summary>A record farther than this from all centroids is an outlier; null: none is.</summary>
    public double? OutlierDistance { get; init; }

    /// <summary>The largest first; outliers, if there is a distance for them, are the last.</summary>
    public IReadOnlyList<ClusterFigures> Clusters { get; init; } = [];

    /// <summary>How many clusters there are, that of outliers apart.</summary>
    public int Count => Clusters.Count - (OutlierDistance is null ? 0 : 1);
}

/// <param name="Silhouette">As in <see cref="ClusteringEvaluation.Silhouette"/>.</param>
public sealed record TriedClusters(int Clusters, double Silhouette, double Inertia);

/// <param name="Label">The class of the model.</param>
/// <param name="Share">Of all rows, 0 to 1.</param>
/// <param name="Facts">One per field, what sets the cluster apart most first.</param>
public sealed record ClusterFigures(string Label, int Rows, double Share, IReadOnlyList<ClusterFact> Facts);

/// <summary>A field in a cluster against the field in all rows; rows without a value are left out.</summary>
/// <param name="Value">The cluster's most frequent category; null for a number.</param>
/// <param name="Inside">Mean in the cluster, or share of <paramref name="Value"/> in it.</param>
/// <param name="Overall">The same over all rows.</param>
/// <param name="Effect">The difference in standard deviations over all rows.</param>
public sealed record ClusterFact(string Field, string? Value, double Inside, double Overall, double Effect);
