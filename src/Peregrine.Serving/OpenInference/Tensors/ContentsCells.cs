using Peregrine.Records;
using Peregrine.Serving.OpenInference.Grpc.Wire;

namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>Elements of an <c>InferTensorContents</c> message: one repeated field per group of types, packed or not, in any number of pieces.</summary>
internal static class ContentsCells
{
    public static CellFault Read(ref TensorInput tensor, ReadOnlySpan<byte> body, RecordReader reader, TypedRecord record)
    {
        if (tensor.At >= tensor.RunEnd && !TryNextRun(ref tensor, body, out var fault)) return fault;
        var proto = new ProtoReader(body, tensor.At, tensor.RunEnd);
        if (tensor.Type == TensorType.Bytes)
        {
            var text = proto.Slice(tensor.At, tensor.RunEnd);
            tensor.At = tensor.RunEnd;
            // An empty text leaves an empty run behind, which the next call goes past.
            return RawCells.SetText(text, reader, record, tensor.Slot);
        }

        var outcome = ReadNumber(ref proto, tensor, reader, record);
        tensor.At = proto.Position;
        return outcome;
    }

    public static bool IsAtEnd(ref TensorInput tensor, ReadOnlySpan<byte> body) =>
        tensor.At >= tensor.RunEnd && !TryNextRun(ref tensor, body, out var fault) && fault == CellFault.TooFew;

    /// <summary>Goes to the next stretch of elements: a packed list, a single one, or one text.</summary>
    private static bool TryNextRun(ref TensorInput tensor, ReadOnlySpan<byte> body, out CellFault fault)
    {
        fault = CellFault.Malformed;
        var (wanted, wire) = FieldOf(tensor.Type);
        var proto = new ProtoReader(body, Math.Max(tensor.At, tensor.RunEnd), tensor.Data.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var given)) return false;
            if (field != wanted || (given != wire && given != ProtoReader.Delimited))
            {
                if (!proto.TrySkip(given)) return false;
                continue;
            }

            var from = proto.Position;
            var to = from;
            if (given == ProtoReader.Delimited)
            {
                if (!proto.TryDelimited(out from, out to)) return false;
                if (from == to && tensor.Type != TensorType.Bytes) continue;
            }
            else
            {
                if (!proto.TrySkip(given)) return false;
                to = proto.Position;
            }

            (tensor.At, tensor.RunEnd) = (from, to);
            return true;
        }

        tensor.At = tensor.RunEnd = tensor.Data.End;
        fault = CellFault.TooFew;
        return false;
    }

    private static (int Field, int Wire) FieldOf(TensorType type) => type switch
    {
        TensorType.Bool => (1, ProtoReader.Varint),
        TensorType.Int8 or TensorType.Int16 or TensorType.Int32 => (2, ProtoReader.Varint),
        TensorType.Int64 => (3, ProtoReader.Varint),
        TensorType.UInt8 or TensorType.UInt16 or TensorType.UInt32 => (4, ProtoReader.Varint),
        TensorType.UInt64 => (5, ProtoReader.Varint),
        TensorType.Fp32 => (6, ProtoReader.Fixed32),
        TensorType.Fp64 => (7, ProtoReader.Fixed64),
        TensorType.Bytes => (8, ProtoReader.Delimited),
        _ => (-1, ProtoReader.Varint),
    };

    private static CellFault ReadNumber(ref ProtoReader proto, in TensorInput tensor, RecordReader reader, TypedRecord record)
    {
        var slot = tensor.Slot;
        bool fits;
        switch (tensor.Type)
        {
            case TensorType.Fp64:
                if (!proto.TryFixed64(out var wide)) return CellFault.Malformed;
                fits = reader.TrySet(record, slot, BitConverter.UInt64BitsToDouble(wide));
                break;
            case TensorType.Fp32:
                if (!proto.TryFixed32(out var narrow)) return CellFault.Malformed;
                fits = reader.TrySet(record, slot, (double)BitConverter.UInt32BitsToSingle(narrow));
                break;
            default:
                if (!proto.TryVarint(out var value)) return CellFault.Malformed;
                if (!Holds(tensor.Type, value)) return CellFault.OutOfRange;
                fits = tensor.Type switch
                {
                    TensorType.Bool => reader.TrySet(record, slot, value != 0),
                    TensorType.UInt64 => reader.TrySet(record, slot, value),
                    _ => reader.TrySet(record, slot, (long)value),
                };
                break;
        }

        return fits ? CellFault.None : CellFault.WrongType;
    }

    /// <summary>Narrow types travel in wider fields.</summary>
    private static bool Holds(TensorType type, ulong value) => type switch
    {
        TensorType.Int8 => (long)value is >= sbyte.MinValue and <= sbyte.MaxValue,
        TensorType.Int16 => (long)value is >= short.MinValue and <= short.MaxValue,
        TensorType.Int32 => (long)value is >= int.MinValue and <= int.MaxValue,
        TensorType.UInt8 => value <= byte.MaxValue,
        TensorType.UInt16 => value <= ushort.MaxValue,
        TensorType.UInt32 => value <= uint.MaxValue,
        _ => true,
    };
}
