using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Peregrine.Serving.Coding;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Fuzz.Targets;

/// <summary>A whole gRPC call of <c>ModelInfer</c>: headers, a blank line, and one framed message, packed or not. The answer is one message, or a status that says something.</summary>
internal sealed class FrameTarget(FuzzNode node) : IFuzzTarget
{
    private const string Head = "POST /inference.GRPCInferenceService/ModelInfer\nContent-Type: application/grpc\nTE: trailers\n";

    private static readonly int[] s_expected = [3, 4, 5, 8, 12, 14];

    private readonly GrpcInfer _grpc = node.Grpc;

    public string Name => "frame";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Made()];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Fuzz.Corpus.Words(
            "grpc-encoding: gzip\n", "grpc-encoding: br\n", "grpc-encoding: deflate\n", "grpc-encoding: identity\n", "grpc-encoding: snappy\n", "grpc-timeout: 1n\n", "grpc-timeout: 99999999H\n",
            "grpc-timeout: 5S\n", "X-Request-Id: a\n", "fuzz.score", "\n\n"),
        [0, 0, 0, 0, 0], [1, 0, 0, 0, 9], [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x2A], [0x3A],
    ];

    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 8L * FuzzNode.MaxBody + 256L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        using var http = HttpCase.Read(input, "HTTP/2");
        if (http is null || http.Context.Request.Method != "POST") return;
        http.Complete(_grpc.AnswerAsync(http.Context));
        var response = http.Context.Response;
        // Refused before it was a gRPC call.
        if (response.StatusCode is 415 or 426) return;
        if (response.StatusCode != 200) throw new FuzzFault($"HTTP status {response.StatusCode}.");
        if (http.AnswerTrailers["grpc-status"] == "0")
        {
            CheckMessage(http.Answer, (string?)response.Headers["grpc-encoding"]);
            return;
        }

        var status = int.Parse((string)response.Headers["grpc-status"]!, CultureInfo.InvariantCulture);
        if (!s_expected.Contains(status)) throw new FuzzFault($"Status {status}: {response.Headers["grpc-message"]}");
        if (((string?)response.Headers["grpc-message"]) is not { Length: > 0 } || !http.Answer.IsEmpty) throw new FuzzFault($"Status {status} says nothing, or comes with a message.");
    }

    private static void CheckMessage(ReadOnlySpan<byte> answer, string? packing)
    {
        if (answer.Length < 5 || BinaryPrimitives.ReadUInt32BigEndian(answer[1..]) != answer.Length - 5) throw new FuzzFault("The answer is not one framed message.");
        var message = answer[5..].ToArray();
        if (answer[0] == 1)
        {
            using var unpacking = BodyCoding.Unpack(new MemoryStream(message), packing!);
            ModelInferResponse.Parser.ParseFrom(unpacking);
        }
        else
        {
            ModelInferResponse.Parser.ParseFrom(message);
        }
    }

    private static IEnumerable<byte[]> Made()
    {
        var random = new Random(4);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[120];
            random.NextBytes(bytes);
            var request = new TensorCase(bytes).Raw();
            var packing = new[] { null, "gzip", "deflate", "br" }[i % 4];
            yield return Call(request.ToByteArray(), packing);
        }

        var bomb = new byte[64 * FuzzNode.MaxBody];
        foreach (var packing in new[] { "gzip", "deflate", "br" }) yield return Call(bomb, packing);
    }

    private static byte[] Call(byte[] message, string? packing)
    {
        var body = packing is null ? message : BodyCoding.Encode(message, packing);
        var frame = new byte[5 + body.Length];
        frame[0] = packing is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        return [.. Encoding.ASCII.GetBytes($"{Head}{(packing is null ? "" : $"grpc-encoding: {packing}\n")}grpc-timeout: 30S\n\n"), .. frame];
    }
}
