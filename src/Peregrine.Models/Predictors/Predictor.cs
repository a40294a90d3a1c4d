namespace Peregrine.Models.Predictors;

/// <summary>A compiled predictor: from a row of features to raw scores. Thread-safe; its scratch belongs to one row at a time.</summary>
internal abstract class Predictor
{
    /// <summary>Scores per row.</summary>
    public abstract int Outputs { get; }

    /// <summary>Doubles of scratch that <see cref="Score"/> needs.</summary>
    public abstract int ScratchLength { get; }

    /// <param name="features">Shape [width].</param>
    /// <param name="scratch">Shape [<see cref="ScratchLength"/>].</param>
    /// <param name="scores">Shape [<see cref="Outputs"/>], overwritten.</param>
    public abstract void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores);
}
