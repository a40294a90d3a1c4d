namespace Peregrine.Models.Preparation;

/// <summary>What a lookup does when its key is given and stands in no row of the table.</summary>
public enum NoMatch
{
    /// <summary>Its outputs stay missing.</summary>
    Missing,

    /// <summary>The record is not scored: <c>NO_LOOKUP_MATCH</c>. Neither is it learnt from.</summary>
    Ignore,
}
