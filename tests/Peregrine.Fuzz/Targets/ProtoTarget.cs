using System.Globalization;
using Google.Protobuf;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Fuzz.Targets;

/// <summary>
/// A <c>ModelInferRequest</c>. What the generated reader takes, ours takes to the same answer: that of the message which the generated writer makes of it. The answer
/// is one that the generated reader takes.
/// </summary>
internal sealed class ProtoTarget(InferAsk ask) : IFuzzTarget
{
    private static readonly MessageParser<ModelInferRequest> s_oracle = ModelInferRequest.Parser.WithDiscardUnknownFields(true);

    /// <summary>
    /// What ours refuses where the other makes do: a part sent twice, which would be merged; a word that a later one would replace; in contents, what
    /// <see cref="IsPassedOver"/> says of a message.
    /// </summary>
    private static readonly string[] s_stricter = ["DuplicateMember", "UnknownDatatype", "Unsupported", "Malformed"];

    /// <summary>Of numbers that are wider than their field, the generated reader takes what fits.</summary>
    private static readonly string[] s_narrow = ["is no INT8.", "is no INT16.", "is no INT32.", "is no UINT8.", "is no UINT16.", "is no UINT32."];

    public string Name => "proto";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Made(), .. Fuzz.Corpus.Of("proto")];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Fuzz.Corpus.Words("amount", "country", "FP64", "BYTES", "INT8", "dispatchKey", "shared_memory_region", "classification", "probas"),
        [0x0A], [0x12], [0x18], [0x1A], [0x22], [0x2A], [0x32], [0x3A], [0x18, 0x01], [0x1A, 0x01, 0x01], [0x1A, 0x02, 0x02, 0x01], [0x3A, 0x00], [0x3A, 0x08, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F],
        [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x0B, 0x0C], [0x7B, 0x7B, 0x08, 0x01, 0x7C, 0x7C], [0x2A, 0x00], [0x2A, 0x03, 0x3A, 0x01, 0x00],
    ];

    /// <summary>The generated reader makes objects, and our faults are told in words.</summary>
    public long AllocationLimit(int inputLength) => 1024 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var ours = ask.Grpc(input);
        if (ours.Error is { } refused) EngineTarget.Check(refused);
        else ModelInferResponse.Parser.ParseFrom(ours.Answer);
        if (Oracle(input) is not { } message || HasReplaced(message)) return;
        var theirs = ask.Grpc(message.ToByteArray());
        if (ours.Error?.ErrorType == theirs.Error?.ErrorType)
        {
            if (!ours.Answer.AsSpan().SequenceEqual(theirs.Answer)) throw new FuzzFault("The answer differs from that to the message as the generated writer makes it.");
            return;
        }

        // Of two things that are wrong, the one that is met first is told: unknown fields, which the writer leaves out, can change which.
        if (ours.Error is not null && theirs.Error is not null) return;
        // Of an input that is dropped only the length is looked at, and the writer leaves unknown fields out of it.
        if (ours.Error is null && theirs.Error is { ErrorType: "MissingData" } shorter && FuzzNode.Model.Spec.IgnoredFields.Any(name => shorter.Message.StartsWith($"Input '{name}' ", StringComparison.Ordinal))) return;
        if (ours.Error is { } stricter && (s_stricter.Contains(stricter.ErrorType) || stricter.ErrorType == "MalformedMessage" && IsPassedOver(input, stricter))) return;
        if (ours.Error is { ErrorType: "WrongType" } other && (other.Message.Contains("dispatchKey", StringComparison.Ordinal) || s_narrow.Any(type => other.Message.EndsWith(type, StringComparison.Ordinal)))) return;
        throw new FuzzFault($"Ours says '{ours.Error?.Message}', and '{theirs.Error?.Message}' of the message as the generated writer makes it.");
    }

    private static ModelInferRequest? Oracle(ReadOnlySpan<byte> input)
    {
        try
        {
            return s_oracle.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Text that was no UTF-8 is another one now.</summary>
    private static bool HasReplaced(ModelInferRequest message) =>
        Replaced(message.Id) || Replaced(message.ModelName) || Replaced(message.ModelVersion) || message.Parameters.Keys.Any(Replaced)
        || message.Inputs.Any(input => Replaced(input.Name) || Replaced(input.Datatype) || input.Parameters.Keys.Any(Replaced))
        || message.Outputs.Any(output => Replaced(output.Name) || output.Parameters.Keys.Any(Replaced));

    private static bool Replaced(string text) => text.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>
    /// Whether the place where ours stopped is one that the generated reader passes over without need: a number of more than 64 bits, a field number of more than 32, or a kind
    /// of value that there is not.
    /// </summary>
    private static bool IsPassedOver(ReadOnlySpan<byte> input, ApiError malformed)
    {
        var words = malformed.Message.TrimEnd('.').Split(' ');
        var at = int.Parse(words[^1], CultureInfo.InvariantCulture) - 1;
        for (var start = at; start >= 0; start--)
        {
            // The last byte of a number is below 0x80, those before it are not.
            if (start < at && input[start] < 0x80) return false;
            if (at - start >= 4 || (input[start] & 7) >= 6) return true;
        }

        return false;
    }

    private static IEnumerable<byte[]> Made()
    {
        var random = new Random(2);
        for (var i = 0; i < 24; i++)
        {
            var bytes = new byte[160];
            random.NextBytes(bytes);
            var tensors = new TensorCase(bytes);
            if (tensors.Typed() is { } typed) yield return typed.ToByteArray();
            yield return tensors.Raw().ToByteArray();
        }
    }
}
