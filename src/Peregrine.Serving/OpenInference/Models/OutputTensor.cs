using System.Text;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>An output of a model, with the constant pieces of its answers made ahead.</summary>
/// <param name="width">Elements per record: 1 for shape [n], k for shape [n,k].</param>
/// <param name="fields">JSON list of the names of a record's elements, which goes with the tensor as its parameter <c>fields</c>; null: none.</param>
internal sealed class OutputTensor(string name, OutputKind kind, TensorType type, int width, bool isMatrix, string? fields = null)
{
    public string Name { get; } = name;

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

    public OutputKind Kind { get; } = kind;

    public TensorType Type { get; } = type;

    /// <summary>Elements per record.</summary>
    public int Width { get; } = width;

    /// <summary>Whether its shape is [n,k].</summary>
    public bool IsMatrix { get; } = isMatrix;

    /// <summary>Up to the number of records in the shape.</summary>
    public byte[] JsonHead { get; } = Encoding.UTF8.GetBytes($"{{\"name\":\"{name}\",\"datatype\":\"{TensorTypes.NameOf(type)}\",\"shape\":[");

    /// <summary>From behind the number of records to the shape's end.</summary>
    public byte[] JsonShapeTail { get; } = Encoding.UTF8.GetBytes(isMatrix ? $",{width}]" : "]");

    /// <summary>The parameter <c>fields</c>; empty: the tensor has none.</summary>
    public byte[] Utf8Fields { get; } = fields is null ? [] : Encoding.UTF8.GetBytes(fields);

    /// <summary>The parameter <c>fields</c> as a member of JSON; empty: the tensor has none.</summary>
    public byte[] JsonFields { get; } = fields is null ? [] : [.. "\"fields\":"u8, .. JsonText.Quote(fields)];

    /// <summary>A tensor of one record up to its data.</summary>
    public byte[] JsonOne => field ??= [.. JsonHead, (byte)'1', .. JsonShapeTail, .. JsonBeforeData];

    /// <summary>A binary tensor of one record up to its size.</summary>
    public byte[] JsonOneBinary => field ??= [.. JsonHead, (byte)'1', .. JsonShapeTail, .. JsonBeforeSize];

    /// <summary>From behind the shape to the data.</summary>
    public byte[] JsonBeforeData => field ??= JsonFields.Length > 0 ? [.. ",\"parameters\":{"u8, .. JsonFields, .. "},\"data\":["u8] : ",\"data\":["u8.ToArray();

    /// <summary>From behind the shape to the size of binary data.</summary>
    public byte[] JsonBeforeSize => field ??= [.. ",\"parameters\":{"u8, .. JsonFields, .. JsonFields.Length > 0 ? ","u8 : default, .. "\"binary_data_size\":"u8];

    /// <summary>The shape of <paramref name="n"/> records; -1 for any number.</summary>
    public long[] Shape(long n) => IsMatrix ? [n, Width] : [n];
}
