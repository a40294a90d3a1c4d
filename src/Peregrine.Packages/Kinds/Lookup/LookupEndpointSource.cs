using Peregrine.Models.Artifacts;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>A lookup endpoint on its way into a package.</summary>
public sealed record LookupEndpointSource : EndpointSource
{
    public override string Kind => LookupEndpointKind.KindId;

    public LookupSettings Settings { get; init; } = new();

    /// <summary>The columns that make a key together, row by row; one at least. Rows that lack a part of their key are left out.</summary>
    public required IReadOnlyList<LookupTableColumn> Keys { get; init; }

    /// <summary>The columns that are answered beside the key, of as many rows; one at least.</summary>
    public required IReadOnlyList<LookupTableColumn> Columns { get; init; }
}
