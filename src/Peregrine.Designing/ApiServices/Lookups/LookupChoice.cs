using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;

namespace Peregrine.Designing.ApiServices.Lookups;

/// <summary>What a lookup endpoint finds, as its owner chose it.</summary>
public sealed record LookupChoice
{
    /// <summary>The dataset, <c>name</c> or <c>PROJECT.name</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>The columns that make a key together.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The columns that are answered beside the key; empty: all others, as they are when it is saved.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public NoMatchPolicy NoMatch { get; init; }

    public SeveralMatchesPolicy SeveralMatches { get; init; }

    /// <summary>How nodes keep answers; null: they do not.</summary>
    public CacheSettings? Cache { get; init; }
}
