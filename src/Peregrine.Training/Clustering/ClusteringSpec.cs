namespace Peregrine.Training.Clustering;

/// <summary>How clusters are looked for. Everything has a default.</summary>
public sealed record ClusteringSpec
{
    public const int FewestClusters = 2;
    public const int MostClusters = 100;
    public const int MostCandidates = 50;
    public const int MostRestarts = 100;
    public const int MostIterationsAllowed = 10_000;
    public const int MostSilhouetteRows = 20_000;
    public const double LargestOutlierShare = 0.2;
    public const int FewestFitRows = 1_000;

    /// <summary>Numbers of clusters to try, each 2 to 100; of several, the one whose clusters stand apart best (by silhouette) is taken. Default: 2 to 8.</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [2, 3, 4, 5, 6, 7, 8];

    /// <summary>Starts from other first centroids, of which the best is kept: 1 to 100, default 10.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>Most rounds of one start: 1 to 10,000, default 300.</summary>
    public int MostIterations { get; init; } = 300;

    /// <summary>Rows that the silhouette is computed on, exactly: 100 to 20,000, default 2,000. Its time grows with the square.</summary>
    public int SilhouetteRows { get; init; } = 2_000;

    /// <summary>Rows that centroids are found on, drawn at random when there are more: 1,000 or more, default 200,000. All rows are put into clusters.</summary>
    public int MostFitRows { get; init; } = 200_000;

    /// <summary>Share of rows, those farthest from their centroid, that count as outliers: 0 to 0.2, default 0: none.</summary>
    public double OutlierShare { get; init; }

    /// <exception cref="TrainingException">A value is out of its range; the message says which.</exception>
    internal void Check()
    {
        if (Clusters.Count is 0 or > MostCandidates || Clusters.Any(count => count is < FewestClusters or > MostClusters))
            throw Bad($"Numbers of clusters to try are 1 to {MostCandidates} whole numbers from {FewestClusters} to {MostClusters}; asked for are {(Clusters.Count == 0 ? "none" : string.Join(", ", Clusters.Take(10)))}.");
        if (Restarts is < 1 or > MostRestarts) throw Bad($"{Restarts} restarts are asked for; 1 to {MostRestarts} can be had.");
        if (MostIterations is < 1 or > MostIterationsAllowed) throw Bad($"{MostIterations} rounds are asked for; 1 to {MostIterationsAllowed} can be had.");
        if (SilhouetteRows is < 100 or > MostSilhouetteRows) throw Bad($"A silhouette on {SilhouetteRows} rows is asked for; it is computed on 100 to {MostSilhouetteRows}.");
        if (MostFitRows < FewestFitRows) throw Bad($"Centroids on {MostFitRows} rows are asked for; {FewestFitRows} are the fewest.");
        if (OutlierShare is not (>= 0 and <= LargestOutlierShare)) throw Bad(FormattableString.Invariant($"An outlier share of {OutlierShare} is asked for; it is 0 to {LargestOutlierShare}."));
    }

    private static TrainingException Bad(string message) => new(TrainingErrorCode.BadRequest, message, "Change the setting.");
}
