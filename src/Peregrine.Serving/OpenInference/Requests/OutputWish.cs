using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>An output that the caller asks for.</summary>
internal struct OutputWish
{
    public Piece Name;
    public bool NameIsEscaped;

    /// <summary>As the caller says for this one; null: as for all.</summary>
    public bool? Binary;

    /// <summary>Which of the model's outputs it is.</summary>
    public int Index;
}
