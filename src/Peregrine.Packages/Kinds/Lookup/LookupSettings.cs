using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Settings of a lookup endpoint, as in the manifest. Its columns with their kinds are those of its table.</summary>
public sealed record LookupSettings
{
    /// <summary>The dataset that the rows were copied from, for people.</summary>
    public string? Dataset { get; init; }

    /// <summary>A key that no row has. Default: ignore.</summary>
    public NoMatchPolicy NoMatch { get; init; }

    /// <summary>A key that several rows have. Default: ignore.</summary>
    public SeveralMatchesPolicy SeveralMatches { get; init; }

    /// <summary>How answers are kept; null: they are not.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>Columns, of keys and of what was found, that the query log does not keep as they are; the first rule that names a column decides.</summary>
    public IReadOnlyList<LogColumnRule>? LogColumns { get; init; }
}
