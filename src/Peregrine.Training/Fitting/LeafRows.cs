using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>The fewest rows of a leaf: less on small tables, which could not be split at all otherwise.</summary>
internal static class LeafRows
{
    public static int For(TrainingData data, int most) => Math.Clamp(data.Train.Length / 50, 1, most);
}
