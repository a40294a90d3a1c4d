using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>JSON, and behind it the outputs that were wanted in binary form, in the order of the outputs.</summary>
internal readonly struct RestAnswer : IAnswerForm
{
    public static void Write(ModelSignature model, InferWorkspace work, ReadOnlySpan<byte> body, Utf8Output output)
    {
        output.Write(model.JsonHead);
        if (!work.Request.Id.IsEmpty)
        {
            output.Write(",\"id\":\""u8);
            output.Write(work.Request.Id.Of(body));
            output.Write((byte)'"');
        }

        if (work.Warnings.Any) WriteWarnings(work.Warnings, output);
        output.Write(",\"outputs\":["u8);
        var anyBinary = false;
        var count = WantedOutputs.Count(model, work);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) output.Write((byte)',');
            var (tensor, isBinary) = WantedOutputs.At(model, work, i);
            anyBinary |= isBinary;
            WriteTensor(model, tensor, isBinary, work, output);
        }

        output.Write("]}"u8);
        if (!anyBinary) return;
        work.AnswerHeaderLength = output.Length;
        for (var i = 0; i < count; i++)
        {
            if (WantedOutputs.At(model, work, i) is (var tensor, true)) RawColumns.Write(model, tensor, work.Results, output);
        }
    }

    private static void WriteWarnings(InferWarnings warnings, Utf8Output output)
    {
        output.Write(",\"parameters\":{\"warnings\":"u8);
        output.Write(JsonText.Quote(warnings.List));
        if (warnings.More > 0)
        {
            output.Write(",\"more_warnings\":"u8);
            output.WriteInteger(warnings.More);
        }

        output.Write((byte)'}');
    }

    private static void WriteTensor(ModelSignature model, OutputTensor tensor, bool isBinary, InferWorkspace work, Utf8Output output)
    {
        if (work.Results.Rows == 1) output.Write(isBinary ? tensor.JsonOneBinary : tensor.JsonOne);
        else
        {
            output.Write(tensor.JsonHead);
            output.WriteInteger(work.Results.Rows);
            output.Write(tensor.JsonShapeTail);
            output.Write(isBinary ? tensor.JsonBeforeSize : tensor.JsonBeforeData);
        }

        if (isBinary)
        {
            output.WriteInteger(RawColumns.Size(model, tensor, work.Results));
            output.Write("}}"u8);
            return;
        }

        JsonColumns.Write(model, tensor, work.Results, output);
        output.Write("]}"u8);
    }
}
