using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Peregrine.Fuzz.Targets;

/// <summary>A request of the REST protocol, JSON with or without binary tensors behind it: the length of its JSON, a line end, the body.</summary>
internal sealed class InferTarget(InferAsk ask) : IFuzzTarget
{
    public string Name => "infer";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. new TensorCase([7, 1, 200, 3, 90, 1, 1, 1]).AsBodies(), .. Made(), .. Fuzz.Corpus.Of("infer")];

    public IReadOnlyList<byte[]> Words { get; } = [.. JsonTarget.JsonWords, .. InferWords];

    public static IReadOnlyList<byte[]> InferWords { get; } = Fuzz.Corpus.Words(
        "\"inputs\":[", "\"name\":\"amount\"", "\"name\":\"country\"", "\"shape\":[1]", "\"shape\":[2,1]", "\"shape\":[2147483648]", "\"datatype\":\"FP64\"", "\"datatype\":\"BYTES\"",
        "\"datatype\":\"INT8\"", "\"data\":[1]", "\"data\":[[1],[2]]", "\"parameters\":{\"binary_data_size\":8}", "\"binary_data_output\":true", "\"outputs\":[{\"name\":\"probas\"}]",
        "\"shared_memory_region\":1", "\"classification\":1", "\"id\":\"x\"", "0\n", "1000\n", "\0\0\0\0", "\u0001\0\0\0A");

    public long AllocationLimit(int inputLength) => 512 * 1024 + 64L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var line = input.IndexOf((byte)'\n');
        string? header = line < 0 ? null : Encoding.Latin1.GetString(input[..line]);
        var body = line < 0 ? input : input[(line + 1)..];
        Check(ask.Rest(body, header), body);
        // The same with a length that is in range, so that more gets behind the first door.
        if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > body.Length)
            Check(ask.Rest(body, (length % (body.Length + 1)).ToString(CultureInfo.InvariantCulture)), body);
    }

    private static void Check(InferOutcome outcome, ReadOnlySpan<byte> body)
    {
        if (outcome.Error is { } error)
        {
            EngineTarget.Check(error);
            return;
        }

        if (body.IsEmpty) throw new FuzzFault("Nothing was answered.");
        var head = outcome.AnswerHeaderLength > 0 ? outcome.AnswerHeaderLength : outcome.Answer.Length;
        using var document = JsonDocument.Parse(outcome.Answer.AsMemory(0, head));
        var binary = 0;
        foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
            binary += output.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("binary_data_size", out var size) ? size.GetInt32() : 0;
        if (head + binary != outcome.Answer.Length) throw new FuzzFault($"The answer has {outcome.Answer.Length} bytes, {head} of JSON and {binary} of tensors.");
    }

    private static IEnumerable<byte[]> Made()
    {
        var random = new Random(1);
        for (var i = 0; i < 12; i++)
        {
            var bytes = new byte[160];
            random.NextBytes(bytes);
            foreach (var body in new TensorCase(bytes).AsBodies()) yield return body;
        }
    }
}
