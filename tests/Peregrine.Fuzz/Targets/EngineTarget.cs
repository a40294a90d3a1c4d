using System.Diagnostics;
using System.Text.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>A whole body through the engine: an answer that is JSON and within the limits, or an error of 400 to 499 that says something.</summary>
internal sealed class EngineTarget(FuzzNode node, bool many) : IFuzzTarget
{
    private readonly PredictionEngine _engine = node.Engine;
    private readonly EndpointRoute _route = node.Route;

    public string Name => many ? "multi" : "predict";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("json");

    public IReadOnlyList<byte[]> Words => JsonTarget.JsonWords;

    /// <summary>The answer, the words of an error, and reading the answer back.</summary>
    public long AllocationLimit(int inputLength) => 512 * 1024 + 64L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var caller = new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
        var error = many ? _engine.PredictMulti(_route, input, caller, output, ref report) : _engine.Predict(_route, input, caller, output, ref report);
        if (error is null) CheckAnswer(output.Written, report.Rows);
        else Check(error);
        Utf8Output.Return(output);
    }

    internal static void Check(ApiError error)
    {
        if (error.Status is < 400 or > 499 || error.Message.Length == 0 || error.ErrorType.Length == 0) throw new FuzzFault($"It answered {error.Status} {error.ErrorType} '{error.Message}'.");
    }

    private void CheckAnswer(ReadOnlySpan<byte> answer, int rows)
    {
        var reader = new Utf8JsonReader(answer);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.BytesConsumed != answer.Length) throw new FuzzFault("Something follows the answer.");
        if (many && (rows > FuzzNode.MaxRecords || document.RootElement.GetProperty("results").GetArrayLength() != rows)) throw new FuzzFault($"{rows} rows were counted.");
        if (!many && !document.RootElement.GetProperty("result").TryGetProperty("ignored", out _)) throw new FuzzFault("The answer has no result.");
    }
}
