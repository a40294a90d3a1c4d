using System.Buffers.Binary;
using System.Text;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>Output tensors in binary form: little-endian, row-major, text behind its length.</summary>
internal static class RawColumns
{
    /// <summary>Bytes that <see cref="Write"/> will write.</summary>
    public static int Size(ModelSignature model, OutputTensor tensor, InferResults results) => tensor.Kind switch
    {
        OutputKind.Distance => results.Rows * sizeof(double),
        OutputKind.Probas or OutputKind.Distances => results.Rows * results.Width * sizeof(double),
        OutputKind.Explanations => results.Influences.Length * sizeof(double),
        OutputKind.Percentile => results.Rows * sizeof(int),
        OutputKind.Prediction when model.Spec.Classes.Count == 0 => results.Rows * sizeof(double),
        OutputKind.Prediction => SizeOfLabels(model, results),
        _ => SizeOfReasons(results),
    };

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
                WriteNumbers(results.Percentiles, output);
                break;
            case OutputKind.Prediction:
                foreach (var label in results.Classes) WriteText(model.Labels[label], output);
                break;
            default:
                foreach (var reason in results.Reasons) WriteText(reason is null ? default : Encoding.UTF8.GetBytes(reason), output);
                break;
        }
    }

    private static int SizeOfLabels(ModelSignature model, InferResults results)
    {
        var size = results.Rows * sizeof(uint);
        foreach (var label in results.Classes) size += model.Labels[label].Length;
        return size;
    }

    private static int SizeOfReasons(InferResults results)
    {
        var size = results.Rows * sizeof(uint);
        if (results.Ignored == 0) return size;
        foreach (var reason in results.Reasons) size += reason is null ? 0 : Encoding.UTF8.GetByteCount(reason);
        return size;
    }

    private static void WriteNumbers(ReadOnlySpan<double> values, Utf8Output output)
    {
        var span = output.GetSpan(values.Length * sizeof(double));
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(span[(i * sizeof(double))..], values[i]);
        output.Advance(values.Length * sizeof(double));
    }

    private static void WriteNumbers(ReadOnlySpan<int> values, Utf8Output output)
    {
        var span = output.GetSpan(values.Length * sizeof(int));
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(span[(i * sizeof(int))..], values[i]);
        output.Advance(values.Length * sizeof(int));
    }

    private static void WriteText(ReadOnlySpan<byte> text, Utf8Output output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(uint)), text.Length);
        output.Advance(sizeof(uint));
        output.Write(text);
    }
}
