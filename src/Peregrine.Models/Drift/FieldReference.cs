namespace Peregrine.Models.Drift;

/// <summary>How often training saw which values of one field. Counts over the same cells add up: nodes are merged by adding.</summary>
public sealed record FieldReference
{
    public const int MostEdges = 127;

    public const int MostValues = 1000;

    public required string Name { get; init; }

    public required ReferenceKind Kind { get; init; }

    /// <summary>How much the model leans on the field: a share of 1. 0 for predictions.</summary>
    public double Importance { get; set; }

    /// <summary>Numbers: ascending, finite, at most <see cref="MostEdges"/>.</summary>
    public IReadOnlyList<double> Edges { get; set; } = [];

    /// <summary>Categories: the known values, most frequent first, at most <see cref="MostValues"/>.</summary>
    public IReadOnlyList<string> Values { get; set; } = [];

    /// <summary>Categories: so many of the values have a cell of their own.</summary>
    public int OwnCells { get; set; }

    /// <summary>Rows per cell, as many as <see cref="Cells"/>.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    public int Cells => CellsOf(Kind, Edges.Count, OwnCells);

    public static int CellsOf(ReferenceKind kind, int edges, int ownCells) => 1 + kind switch
    {
        ReferenceKind.Number => edges + 1,
        ReferenceKind.HourOfDay => 24,
        ReferenceKind.DayOfWeek => 7,
        ReferenceKind.Category => ownCells + 2,
        _ => 1,
    };

    /// <exception cref="ModelException">Its parts do not fit each other.</exception>
    internal void Validate()
    {
        Require(Edges.Count <= MostEdges && (Kind == ReferenceKind.Number || Edges.Count == 0), "its edges are too many");
        for (var i = 0; i < Edges.Count; i++)
            Require(double.IsFinite(Edges[i]) && (i == 0 || Edges[i] > Edges[i - 1]), "its edges do not ascend");
        Require(Values.Count <= MostValues && OwnCells >= 0 && OwnCells <= Values.Count, "its values are too many");
        Require(Values.Distinct(StringComparer.Ordinal).Count() == Values.Count, "a value stands twice");
        Require(Counts.Count == Cells && Counts.All(count => count >= 0), "its counts do not fit its cells");
        Require(double.IsFinite(Importance) && Importance >= 0, "its importance is no share");
    }

    private void Require(bool holds, string complaint)
    {
        if (!holds) throw new ModelException($"The model's training reference of '{Name}' is damaged: {complaint}.");
    }
}
