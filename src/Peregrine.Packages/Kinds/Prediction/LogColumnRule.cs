namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>How the query log treats one column, or several whose names begin alike.</summary>
public sealed record LogColumnRule
{
    /// <summary>The column's name; one that ends in <c>*</c> stands for every name that begins so, <c>*</c> for all.</summary>
    public required string Column { get; init; }

    public LogPart In { get; init; }

    public required LogAction Action { get; init; }

    /// <summary>For <see cref="LogAction.Bucket"/>: where intervals begin, rising; 1 to 1,000 finite numbers.</summary>
    public IReadOnlyList<double> Edges { get => field ?? []; init; }

    /// <summary>What is wrong with the rule, or null.</summary>
    public string? Fault() =>
        string.IsNullOrEmpty(Column) ? "names no column"
        : Column.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != Column.Length - 1 ? $"has a '*' inside '{Column}'; it may only end a name"
        : Action != LogAction.Bucket ? null
        : Edges.Count is 0 or > 1_000 ? $"buckets '{Column}' by {Edges.Count} edges; give 1 to 1,000"
        : Edges.Any(edge => !double.IsFinite(edge)) || Edges.Zip(Edges.Skip(1)).Any(pair => pair.First >= pair.Second) ? $"buckets '{Column}' by edges that do not rise"
        : null;
}
