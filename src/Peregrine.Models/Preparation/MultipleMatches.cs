namespace Peregrine.Models.Preparation;

/// <summary>What a lookup does when its key stands in several rows of the table.</summary>
public enum MultipleMatches
{
    /// <summary>The table is refused when the model is trained.</summary>
    Refuse,

    /// <summary>The first of the rows is taken.</summary>
    First,

    /// <summary>A record with such a key is not scored: <c>MULTIPLE_LOOKUP_MATCHES</c>. Neither is it learnt from.</summary>
    Ignore,
}
