namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>In which form the elements of a tensor came.</summary>
internal enum TensorSource : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A list, flat or nested, in the JSON text.</summary>
    Json,

    /// <summary>Little-endian bytes without padding.</summary>
    Raw,

    /// <summary>An <c>InferTensorContents</c> message.</summary>
    Contents,
}
