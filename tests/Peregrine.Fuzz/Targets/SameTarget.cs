using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Fuzz.Targets;

/// <summary>One request in five forms, JSON, nested JSON, binary, typed gRPC and raw gRPC: the same bits, or the same kind of refusal.</summary>
internal sealed class SameTarget(InferAsk ask) : IFuzzTarget
{
    public string Name => "same";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Made()];

    public IReadOnlyList<byte[]> Words { get; } = [[0], [1], [2], [7], [8], [13], [14], [0x7F], [0x80], [0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]];

    /// <summary>Five requests and their answers, in objects of this target.</summary>
    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 1024L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var tensors = new TensorCase(input.ToArray());
        var (header, data) = tensors.Binary();
        var binary = ask.Rest([.. header, .. data], header.Length.ToString(CultureInfo.InvariantCulture));
        var raw = ask.Grpc(tensors.Raw().ToByteArray());
        Compare(tensors, "binary", binary, "raw gRPC", raw);
        if (tensors.Typed() is { } typed) Compare(tensors, "raw gRPC", raw, "typed gRPC", ask.Grpc(typed.ToByteArray()));
        if (tensors.Json(nested: false, binaryOutput: true) is not { } json) return;
        var flat = ask.Rest(json, null);
        Compare(tensors, "raw gRPC", raw, "JSON", flat);
        Compare(tensors, "JSON", flat, "nested JSON", ask.Rest(tensors.Json(nested: true, binaryOutput: true)!, null));
        Compare(tensors, "JSON", flat, "JSON that is answered as JSON", ask.Rest(tensors.Json(nested: false, binaryOutput: false)!, null));
    }

    private static void Compare(TensorCase tensors, string first, InferOutcome one, string second, InferOutcome other)
    {
        if (one.Error is null && other.Error is null)
        {
            if (!OutputsOf(one).AsSpan().SequenceEqual(OutputsOf(other))) throw new FuzzFault($"{first} and {second} give other bits for {tensors}.");
            return;
        }

        // Which of several faults is told first may differ; that there is one may not.
        if (one.Error is null || other.Error is null)
            throw new FuzzFault($"{first}: '{one.Error?.DetailedMessage ?? "answered"}', {second}: '{other.Error?.DetailedMessage ?? "answered"}' for {tensors}.");
        if (one.Error.Status != other.Error.Status || tensors.Count == 1 && one.Error.ErrorType != other.Error.ErrorType)
            throw new FuzzFault($"{first}: {one.Error.ErrorType} '{one.Error.Message}', {second}: {other.Error.ErrorType} '{other.Error.Message}' for {tensors}.");
    }

    /// <summary>All outputs in binary form, one behind the other.</summary>
    private static byte[] OutputsOf(InferOutcome outcome)
    {
        if (outcome.AnswerHeaderLength > 0) return outcome.Answer[outcome.AnswerHeaderLength..];
        if (outcome.Answer[0] != '{') return [.. ModelInferResponse.Parser.ParseFrom(outcome.Answer).RawOutputContents.SelectMany(output => output.ToByteArray())];
        using var document = JsonDocument.Parse(outcome.Answer);
        return [.. document.RootElement.GetProperty("outputs").EnumerateArray().SelectMany(Binary)];
    }

    private static IEnumerable<byte> Binary(JsonElement output)
    {
        var type = output.GetProperty("datatype").GetString();
        return output.GetProperty("data").EnumerateArray().SelectMany(value => type switch
        {
            "FP64" => Number(value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble()),
            "INT32" => BitConverter.GetBytes(value.GetInt32()),
            _ => Text(value.GetString()!),
        });
    }

    private static byte[] Number(double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string value) => [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];

    private static IEnumerable<byte[]> Made()
    {
        var random = new Random(3);
        for (var i = 0; i < 64; i++)
        {
            var bytes = new byte[16 + i * 4];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }
}
