using System.Buffers.Binary;
using System.Text.Unicode;
using Peregrine.Records;

namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>Elements of the binary form: little-endian, row-major, no padding.</summary>
internal static class RawCells
{
    /// <param name="text">What was read of type BYTES; empty for the other types.</param>
    public static CellFault Read(ref TensorInput tensor, ReadOnlySpan<byte> body, RecordReader reader, TypedRecord record, out ReadOnlySpan<byte> text)
    {
        var rest = body[tensor.At..tensor.Data.End];
        if (tensor.Type == TensorType.Bytes) return ReadText(ref tensor, rest, reader, record, out text);
        text = default;
        var size = TensorTypes.SizeOf(tensor.Type);
        if (rest.Length < size) return CellFault.TooFew;
        tensor.At += size;
        return Set(tensor.Type, rest, reader, record, tensor.Slot) ? CellFault.None : CellFault.WrongType;
    }

    /// <summary>Passes over an element of text; what a dropped tensor holds must still be whole.</summary>
    public static CellFault SetText(ReadOnlySpan<byte> text, RecordReader reader, TypedRecord record, int slot)
    {
        if (!Utf8.IsValid(text)) return CellFault.NotUtf8;
        return reader.TrySet(record, slot, text) ? CellFault.None : CellFault.WrongType;
    }

    private static CellFault ReadText(ref TensorInput tensor, ReadOnlySpan<byte> rest, RecordReader reader, TypedRecord record, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(rest, out var length) || length > rest.Length - sizeof(uint)) return CellFault.TooFew;
        tensor.At += sizeof(uint) + (int)length;
        text = rest.Slice(sizeof(uint), (int)length);
        return SetText(text, reader, record, tensor.Slot);
    }

    private static bool Set(TensorType type, ReadOnlySpan<byte> at, RecordReader reader, TypedRecord record, int slot) => type switch
    {
        TensorType.Fp64 => reader.TrySet(record, slot, BinaryPrimitives.ReadDoubleLittleEndian(at)),
        TensorType.Fp32 => reader.TrySet(record, slot, (double)BinaryPrimitives.ReadSingleLittleEndian(at)),
        TensorType.Int64 => reader.TrySet(record, slot, BinaryPrimitives.ReadInt64LittleEndian(at)),
        TensorType.Int32 => reader.TrySet(record, slot, (long)BinaryPrimitives.ReadInt32LittleEndian(at)),
        TensorType.Int16 => reader.TrySet(record, slot, (long)BinaryPrimitives.ReadInt16LittleEndian(at)),
        TensorType.Int8 => reader.TrySet(record, slot, (long)(sbyte)at[0]),
        TensorType.UInt64 => reader.TrySet(record, slot, BinaryPrimitives.ReadUInt64LittleEndian(at)),
        TensorType.UInt32 => reader.TrySet(record, slot, (long)BinaryPrimitives.ReadUInt32LittleEndian(at)),
        TensorType.UInt16 => reader.TrySet(record, slot, (long)BinaryPrimitives.ReadUInt16LittleEndian(at)),
        TensorType.UInt8 => reader.TrySet(record, slot, (long)at[0]),
        TensorType.Fp16 => reader.TrySet(record, slot, (double)BinaryPrimitives.ReadHalfLittleEndian(at)),
        TensorType.Bf16 => reader.TrySet(record, slot, (double)BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16)),
        _ => at[0] <= 1 && reader.TrySet(record, slot, at[0] == 1),
    };
}
