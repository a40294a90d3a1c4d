namespace Peregrine.Training.Clustering;

/// <summary>Centroids and what they make of the rows.</summary>
/// <param name="Centroids">Shape [clusters × width].</param>
/// <param name="Labels">Shape [rows], the cluster of each.</param>
/// <param name="Inertia">Sum of squared distances of the rows to their centroids.</param>
/// <param name="Iterations">Rounds that it took.</param>
internal sealed record KMeansFit(int Clusters, double[] Centroids, int[] Labels, double Inertia, int Iterations)
{
    public int Width => Centroids.Length / Clusters;

    public ReadOnlySpan<double> Centroid(int cluster) => Centroids.AsSpan(cluster * Width, Width);

    /// <summary>The same with the largest cluster first; equal ones in the order of their centroids' values.</summary>
    public KMeansFit LargestFirst()
    {
        var sizes = new int[Clusters];
        foreach (var label in Labels) sizes[label]++;
        int[] order = [.. Enumerable.Range(0, Clusters)];
        Array.Sort(order, (one, other) =>
        {
            var bySize = sizes[other].CompareTo(sizes[one]);
            return bySize != 0 ? bySize : Centroid(one).SequenceCompareTo(Centroid(other));
        });
        var place = new int[Clusters];
        var centroids = new double[Centroids.Length];
        for (var at = 0; at < Clusters; at++)
        {
            place[order[at]] = at;
            Centroid(order[at]).CopyTo(centroids.AsSpan(at * Width));
        }

        return this with { Centroids = centroids, Labels = Array.ConvertAll(Labels, label => place[label]) };
    }
}
