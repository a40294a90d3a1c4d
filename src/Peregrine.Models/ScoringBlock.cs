namespace Peregrine.Models;

/// <summary>
/// Working memory to score several records together: a context for each row, and what the predictor needs beside them. Rented from its
/// <see cref="CompiledModel"/>; belongs to one caller at a time.
/// </summary>
public sealed class ScoringBlock
{
    /// <summary>Most rows of one block.</summary>
    public const int Rows = 16;

    private readonly ScoringContext[] _contexts;

    internal ScoringBlock(IEnumerable<ScoringContext> contexts, int scratch)
    {
        _contexts = [.. contexts];
        Live = new ScoringContext[Rows];
        Scratch = new double[scratch];
    }

    /// <summary>The context of a row, 0 to <see cref="Rows"/> - 1: bind its record before and read its result after scoring.</summary>
    public ScoringContext this[int row] => _contexts[row];

    internal ReadOnlySpan<ScoringContext> Contexts => _contexts;

    /// <summary>Room for the contexts that are scored, the ignored ones left out.</summary>
    internal ScoringContext[] Live { get; }

    internal double[] Scratch { get; }

    internal CompiledModel Model => _contexts[0].Model;
}
