namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Where a node tells the prepared record: the fields after lookups and the other preparation, as the model saw them.</summary>
public sealed record PostEnrichmentSettings
{
    /// <summary>In each result of an answer, as <c>postEnrich</c>. A quiet endpoint cannot.</summary>
    public bool InAnswer { get; init; }

    /// <summary>In each line of the query log, as <c>postEnrich</c>. The rules for columns hold for its members as for those of <c>features</c>.</summary>
    public bool InLog { get; init; }
}
