namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>Why an element cannot be taken.</summary>
internal enum CellFault : byte
{
    None,

    /// <summary>The data end before the element.</summary>
    TooFew,

    /// <summary>More elements than the shape says.</summary>
    TooMany,

    /// <summary>It does not fit the model's input.</summary>
    WrongType,

    /// <summary>It would have to be converted, which the endpoint does not take.</summary>
    Converted,

    /// <summary>A number that the declared type cannot hold.</summary>
    OutOfRange,

    NotUtf8,

    /// <summary>The message is not well-formed there.</summary>
    Malformed,
}
