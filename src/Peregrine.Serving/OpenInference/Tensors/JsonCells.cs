using Peregrine.Records;

namespace Peregrine.Serving.OpenInference.Tensors;

/// <summary>Elements of a JSON list, flat or nested in any way, as the protocol allows.</summary>
internal static class JsonCells
{
    /// <param name="json">A scanner of the whole text; the list was found to be well-formed before.</param>
    /// <param name="cell">Where the element's text begins; it ends where the scanner stands on return.</param>
    public static CellFault Read(ref TensorInput tensor, ReadOnlySpan<byte> body, ref JsonScanner json, RecordReader reader, TypedRecord record, out int cell)
    {
        cell = Next(tensor, body);
        if (cell == tensor.Data.End) return CellFault.TooFew;
        json.MoveTo(cell);
        var fault = reader.ReadCell(ref json, record, tensor.Slot);
        tensor.At = json.Position;
        if (!fault.IsNone) return fault.Code == RecordFaultCode.ConvertedType ? CellFault.Converted : CellFault.WrongType;
        if (tensor.Type is < TensorType.UInt8 or > TensorType.Int64) return CellFault.None;
        var value = record.Number(tensor.Slot);
        return double.IsNaN(value) || TensorTypes.Holds(tensor.Type, value) || IsMoment(reader, tensor.Slot) ? CellFault.None : CellFault.OutOfRange;
    }

    public static bool IsAtEnd(in TensorInput tensor, ReadOnlySpan<byte> body) => Next(tensor, body) == tensor.Data.End;

    /// <summary>Passes over what stands between two elements of a list: blanks, commas and brackets.</summary>
    private static int Next(in TensorInput tensor, ReadOnlySpan<byte> body)
    {
        var at = tensor.At;
        while (at < tensor.Data.End && body[at] is (byte)',' or (byte)'[' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }

    /// <summary>An epoch in milliseconds has become seconds with a fraction.</summary>
    private static bool IsMoment(RecordReader reader, int slot) => reader.Schema[slot].Kind is FieldKind.DateTime or FieldKind.Date;
}
