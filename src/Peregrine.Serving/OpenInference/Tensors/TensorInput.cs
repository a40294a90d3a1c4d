using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>One tensor of a request: where it lies in the body, and how far it has been read.</summary>
internal struct TensorInput
{
    public Piece Name;
    public Piece Data;

    /// <summary>Elements it says to have: its first dimension.</summary>
    public int Rows;

    /// <summary>Bytes behind the JSON text; -1 when its data stand in the text.</summary>
    public int BinarySize;

    /// <summary>The model's input that it fills; negative when it is dropped.</summary>
    public int Slot;

    /// <summary>Where its next element is, in the body.</summary>
    public int At;

    /// <summary>End of the packed run that is being read; <see cref="TensorSource.Contents"/> only.</summary>
    public int RunEnd;

    public TensorType Type;
    public TensorSource Source;
    public bool NameIsEscaped;
}
