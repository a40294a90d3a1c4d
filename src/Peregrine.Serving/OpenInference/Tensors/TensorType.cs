namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>The data types of the protocol.</summary>
internal enum TensorType : byte
{
    None,
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Bf16,
    Fp32,
    Fp64,

    /// <summary>UTF-8 text; in binary form each element stands behind its length, 32 bits.</summary>
    Bytes,
}
