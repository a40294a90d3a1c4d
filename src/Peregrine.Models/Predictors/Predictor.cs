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

    /// <summary>Doubles of scratch that <see cref="ScoreBlock"/> needs.</summary>
    public virtual int BlockScratchLength => ScratchLength;

    /// <summary>Scores several rows, each to the very bits of <see cref="Score"/>: from their features to their raw scores.</summary>
    /// <param name="rows">0 to <see cref="ScoringBlock.Rows"/>.</param>
    /// <param name="scratch">Shape [<see cref="BlockScratchLength"/>].</param>
    public virtual void ScoreBlock(ReadOnlySpan<ScoringContext> rows, Span<double> scratch)
    {
        foreach (var row in rows) Score(row.FeatureValues, scratch, row.RawScores);
    }
}
