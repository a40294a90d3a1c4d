using Peregrine.Records;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>Writes a record's features for the query log, as <c>predict</c> would take them: the line can be asked again there and gives the same bits.</summary>
internal static class LoggedFeatures
{
    /// <summary>One member. The record must not have been prepared yet: preparation may change it.</summary>
    /// <param name="token">The caller's own JSON of the value; empty when it came in binary form.</param>
    /// <param name="text">The caller's own text of a value that came as text in binary form.</param>
    public static void Write(ModelSignature model, in TensorInput tensor, ReadOnlySpan<byte> token, ReadOnlySpan<byte> text, TypedRecord record, bool isFirst, Utf8Output log)
    {
        log.Write((byte)(isFirst ? '{' : ','));
        log.Write(model.LogNames[tensor.Slot]);
        if (!token.IsEmpty) log.Write(IsNoNumber(token) ? "null"u8 : token);
        else if (!text.IsEmpty && IsMoment(model, tensor.Slot) && double.IsFinite(record.Number(tensor.Slot))) RecordValues.WriteText(text, log);
        else RecordValues.Write(model.Spec.Inputs[tensor.Slot].Kind, tensor.Slot, record, log);
    }

    private static bool IsMoment(ModelSignature model, int slot) => model.Spec.Inputs[slot].Kind is FieldKind.DateTime or FieldKind.Date;

    /// <summary>The bare words NaN, Infinity and -Infinity, which are no JSON.</summary>
    private static bool IsNoNumber(ReadOnlySpan<byte> token) => token is [(byte)'N' or (byte)'I', ..] or [(byte)'-', (byte)'I', ..];
}
