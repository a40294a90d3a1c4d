using System.Text;
using Peregrine.Records;

namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>Names, sizes and ranges of the data types.</summary>
internal static class TensorTypes
{
    private static readonly string[] s_names =
        ["", "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];

    private static ReadOnlySpan<byte> Sizes => [0, 1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];

    private static readonly byte[][] s_utf8 = [.. s_names.Select(Encoding.UTF8.GetBytes)];

    public static IEnumerable<string> All => s_names.Skip(1);

    public static string NameOf(TensorType type) => s_names[(int)type];

    public static ReadOnlySpan<byte> Utf8NameOf(TensorType type) => s_utf8[(int)type];

    /// <returns><see cref="TensorType.None"/> for a name that is none.</returns>
    public static TensorType Parse(ReadOnlySpan<byte> name)
    {
        // In the order of how often they are sent.
        if (name.SequenceEqual("FP64"u8)) return TensorType.Fp64;
        if (name.SequenceEqual("BYTES"u8)) return TensorType.Bytes;
        if (name.SequenceEqual("FP32"u8)) return TensorType.Fp32;
        if (name.SequenceEqual("INT64"u8)) return TensorType.Int64;
        for (var i = 1; i < s_utf8.Length; i++)
            if (name.SequenceEqual(s_utf8[i])) return (TensorType)i;
        return TensorType.None;
    }

    /// <summary>Bytes of one element in binary form; 0 where elements differ.</summary>
    public static int SizeOf(TensorType type) => Sizes[(int)type];

    /// <summary>Whether a number written as text is one of a whole-number type; true for the other types.</summary>
    public static bool Holds(TensorType type, double value) => type switch
    {
        < TensorType.UInt8 or > TensorType.Int64 => true,
        TensorType.UInt64 => value == Math.Floor(value) && value is >= 0 and <= ulong.MaxValue,
        TensorType.Int64 => value == Math.Floor(value) && value is >= long.MinValue and <= long.MaxValue,
        _ => value == Math.Floor(value) && value >= Lowest(type) && value <= Highest(type),
    };

    /// <summary>Whether elements of a type become values of a kind without conversion. A date is at home in text, and as a number since 1970.</summary>
    public static bool IsOwnType(TensorType type, FieldKind kind) => kind switch
    {
        FieldKind.Text => type == TensorType.Bytes,
        FieldKind.Boolean => type == TensorType.Bool,
        FieldKind.Number or FieldKind.Integer => type is not (TensorType.Bytes or TensorType.Bool),
        _ => type != TensorType.Bool,
    };

    private static double Lowest(TensorType type) => type switch
    {
        TensorType.Int8 => sbyte.MinValue, TensorType.Int16 => short.MinValue, TensorType.Int32 => int.MinValue, _ => 0,
    };

    private static double Highest(TensorType type) => type switch
    {
        TensorType.Int8 => sbyte.MaxValue, TensorType.Int16 => short.MaxValue, TensorType.Int32 => int.MaxValue,
        TensorType.UInt8 => byte.MaxValue, TensorType.UInt16 => ushort.MaxValue, _ => uint.MaxValue,
    };
}
