namespace Peregrine.Serving.Predictions;

/// <summary>Where one record of a call with many lies in the body and in the answer.</summary>
internal struct ScoredItem
{
    public Piece Features;
    public Piece Context;
    public Piece Result;

    /// <summary>Where its prepared record lies, if it is told.</summary>
    public Piece Prepared;
}
