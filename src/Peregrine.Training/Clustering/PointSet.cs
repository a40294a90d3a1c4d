using System.Numerics;

namespace Peregrine.Training.Clustering;

/// <summary>Rows of features, worked on in blocks of a fixed size: sums are added in the order of blocks, so that the number of threads changes no bit.</summary>
/// <param name="values">Shape [rows × width], finite.</param>
/// <param name="threads">1 or more.</param>
internal sealed class PointSet(double[] values, int width, int threads)
{
    private const int BlockRows = 4096;

    public int Rows { get; } = values.Length / width;

    public int Width { get; } = width;

    public int Blocks => (Rows + BlockRows - 1) / BlockRows;

    public ReadOnlySpan<double> this[int row] => values.AsSpan(row * Width, Width);

    /// <summary>Does something for the rows of each block, several blocks at a time.</summary>
    public void ForBlocks(Action<int, int, int> work, CancellationToken cancellationToken) => Parallel.For(
        0, Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
        block => work(block, block * BlockRows, Math.Min(Rows, (block + 1) * BlockRows)));

    /// <summary>Adds up a number per block, in their order.</summary>
    public double Sum(Func<int, int, double> ofRows, CancellationToken cancellationToken)
    {
        var sums = new double[Blocks];
        ForBlocks((block, from, to) => sums[block] = ofRows(from, to), cancellationToken);
        return sums.Sum();
    }

    public static double SquaredDistance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var wide = Vector<double>.Zero;
        var at = 0;
        for (; at <= first.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            var difference = new Vector<double>(first[at..]) - new Vector<double>(second[at..]);
            wide += difference * difference;
        }

        var sum = Vector.Sum(wide);
        for (; at < first.Length; at++) sum += (first[at] - second[at]) * (first[at] - second[at]);
        return sum;
    }
}
