using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>Output tensors as flat JSON lists. A number that is not there is <c>null</c>, a text that is not there is empty.</summary>
internal static class JsonColumns
{
    public static void Write(ModelSignature model, OutputTensor tensor, InferResults results, Utf8Output output)
    {
        switch (tensor.Kind)
        {
            case OutputKind.Distance:
                WriteNumbers(results.Nearest, output);
                break;
            case OutputKind.Probas:
            case OutputKind.Distances:
            case OutputKind.Prediction when model.Spec.Classes.Count == 0:
                WriteNumbers(results.Values, output);
                break;
            case OutputKind.Explanations:
                WriteNumbers(results.Influences, output);
                break;
            case OutputKind.Percentile:
                WriteIntegers(results.Percentiles, output);
                break;
            case OutputKind.Prediction:
                WriteLabels(model, results.Classes, output);
                break;
            default:
                WriteReasons(results.Reasons, output);
                break;
        }
    }

    private static void WriteNumbers(ReadOnlySpan<double> values, Utf8Output output)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            output.WriteDouble(values[i]);
        }
    }

    private static void WriteIntegers(ReadOnlySpan<int> values, Utf8Output output)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            output.WriteInteger(values[i]);
        }
    }

    private static void WriteLabels(ModelSignature model, ReadOnlySpan<int> classes, Utf8Output output)
    {
        for (var i = 0; i < classes.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            output.Write(model.QuotedLabels[classes[i]]);
        }
    }

    private static void WriteReasons(ReadOnlySpan<string?> reasons, Utf8Output output)
    {
        for (var i = 0; i < reasons.Length; i++)
        {
            if (i > 0) output.Write((byte)',');
            output.Write(reasons[i] is { } reason ? JsonText.Quote(reason) : "\"\""u8);
        }
    }
}
