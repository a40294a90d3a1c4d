using System.Buffers.Binary;
using System.Text;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>A body that is nothing but the data of a model's one input.</summary>
internal static class RawBody
{
    /// <summary>Describes the one tensor in the request.</summary>
    /// <returns>The body with the tensor's name before it: what the places in the request mean.</returns>
    public static byte[] Put(Field input, ReadOnlySpan<byte> body, InferRequest request)
    {
        var name = Encoding.UTF8.GetBytes(input.Name);
        var type = ModelSignature.TypeOf(input.Kind);
        // A text is the whole body; in a tensor it stands behind its length.
        var prefix = type == TensorType.Bytes ? sizeof(uint) : 0;
        var whole = new byte[name.Length + prefix + body.Length];
        name.CopyTo(whole, 0);
        if (prefix > 0) BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(name.Length), body.Length);
        body.CopyTo(whole.AsSpan(name.Length + prefix));
        ref var tensor = ref request.AddInput();
        tensor.Name = new Piece(0, name.Length);
        tensor.Type = type;
        tensor.Source = TensorSource.Raw;
        tensor.Data = new Piece(name.Length, whole.Length);
        tensor.At = name.Length;
        tensor.Rows = prefix > 0 ? 1 : body.Length / TensorTypes.SizeOf(type);
        request.BinaryOutputs = true;
        return whole;
    }
}
