namespace Peregrine.Models.Explanations;

/// <summary>The influences of one kind of predictor. Thread-safe; its scratch belongs to one row at a time.</summary>
internal abstract class Attribution
{
    /// <summary>Doubles of scratch that an explanation needs.</summary>
    public abstract int ScratchLength { get; }

    /// <summary>Memory for rows of influences, in bytes; see <see cref="RowTables"/>.</summary>
    public virtual long TableBytes => 0;

    /// <summary>The expected score of each output, before the link.</summary>
    public abstract ReadOnlySpan<double> Base { get; }

    /// <param name="features">Shape [width], as the predictor scored them.</param>
    /// <param name="output">The score to explain.</param>
    /// <param name="scratch">Shape [<see cref="ScratchLength"/>].</param>
    /// <param name="influences">Shape [fields], overwritten.</param>
    public abstract void Explain(
        ReadOnlySpan<double> features, int output, ExplanationMethod method, Span<double> scratch, Span<double> influences);
}
