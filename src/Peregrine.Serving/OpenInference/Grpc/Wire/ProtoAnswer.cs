using System.Text;
using Peregrine.Serving.OpenInference.Answers;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>A <c>ModelInferResponse</c> whose tensors stand in <c>raw_output_contents</c>, which every client reads.</summary>
internal readonly struct ProtoAnswer : IAnswerForm
{
    // Fields of InferParameter.
    private const int WholeValue = 2;
    private const int StringValue = 3;

    private static ReadOnlySpan<byte> FieldsName => "fields"u8;

    public static void Write(ModelSignature model, InferWorkspace work, ReadOnlySpan<byte> body, Utf8Output output)
    {
        WriteBytes(1, model.Utf8Name, output);
        WriteBytes(2, model.Utf8Version, output);
        if (!work.Request.Id.IsEmpty) WriteBytes(3, work.Request.Id.Of(body), output);
        if (work.Warnings.Any) WriteParameter("warnings"u8, StringValue, Encoding.UTF8.GetBytes(work.Warnings.List), output);
        if (work.Warnings.More > 0) WriteMore(work.Warnings.More, output);
        var count = WantedOutputs.Count(model, work);
        for (var i = 0; i < count; i++) WriteTensor(WantedOutputs.At(model, work, i).Tensor, work.Results.Rows, output);
        for (var i = 0; i < count; i++)
        {
            var tensor = WantedOutputs.At(model, work, i).Tensor;
            WriteHead(6, RawColumns.Size(model, tensor, work.Results), output);
            RawColumns.Write(model, tensor, work.Results, output);
        }
    }

    /// <summary>An entry of the map <c>parameters</c>, of the answer or of a tensor: its key, and a message with one value.</summary>
    private static void WriteParameter(ReadOnlySpan<byte> name, int field, ReadOnlySpan<byte> value, Utf8Output output)
    {
        var length = FieldLength(value.Length);
        WriteHead(4, ParameterLength(name, value), output);
        WriteBytes(1, name, output);
        WriteHead(2, length, output);
        WriteBytes(field, value, output);
    }

    private static int ParameterLength(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => FieldLength(name.Length) + FieldLength(FieldLength(value.Length));

    private static void WriteMore(int count, Utf8Output output)
    {
        var name = "more_warnings"u8;
        var length = 1 + VarintLength(count);
        WriteHead(4, FieldLength(name.Length) + FieldLength(length), output);
        WriteBytes(1, name, output);
        WriteHead(2, length, output);
        output.Write((byte)(WholeValue << 3));
        WriteVarint(count, output);
    }

    private static void WriteTensor(OutputTensor tensor, int rows, Utf8Output output)
    {
        var type = TensorTypes.Utf8NameOf(tensor.Type);
        var shape = VarintLength(rows) + (tensor.IsMatrix ? VarintLength(tensor.Width) : 0);
        var fields = tensor.Utf8Fields.Length > 0 ? FieldLength(ParameterLength(FieldsName, tensor.Utf8Fields)) : 0;
        WriteHead(5, FieldLength(tensor.Utf8Name.Length) + FieldLength(type.Length) + FieldLength(shape) + fields, output);
        WriteBytes(1, tensor.Utf8Name, output);
        WriteBytes(2, type, output);
        WriteHead(3, shape, output);
        WriteVarint(rows, output);
        if (tensor.IsMatrix) WriteVarint(tensor.Width, output);
        if (fields > 0) WriteParameter(FieldsName, StringValue, tensor.Utf8Fields, output);
    }

    private static void WriteBytes(int field, ReadOnlySpan<byte> value, Utf8Output output)
    {
        WriteHead(field, value.Length, output);
        output.Write(value);
    }

    private static void WriteHead(int field, int length, Utf8Output output)
    {
        output.Write((byte)((field << 3) | ProtoReader.Delimited));
        WriteVarint(length, output);
    }

    private static void WriteVarint(int value, Utf8Output output)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) output.Write((byte)(rest | 0x80));
        output.Write((byte)rest);
    }

    /// <summary>Bytes of a delimited field of a number below 16.</summary>
    private static int FieldLength(int length) => 1 + VarintLength(length) + length;

    private static int VarintLength(int value) => 1 + (System.Numerics.BitOperations.Log2((uint)value | 1) / 7);
}
