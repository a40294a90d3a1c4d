using System.Diagnostics;
using System.Text;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>The query string of <c>predict-simple</c>, and paths that have to be normalised.</summary>
internal sealed class QueryTarget(FuzzNode node) : IFuzzTarget
{
    private readonly SimplePrediction _simple = node.Simple;
    private readonly EndpointRoute _route = node.Route;

    public string Name => "query";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("query");

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words("?", "&", "=", "%", "%00", "%22", "%5C", "%C3", "%FF", "%ud83d", "+", "amount", "country", "at", "day", "/", "//", "/public/api/v1/", "..", "1", "é");

    public long AllocationLimit(int inputLength) => 512 * 1024 + 256L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        if (_simple.Predict(_route, text, new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp()), output, ref report) is { } error) EngineTarget.Check(error);
        Utf8Output.Return(output);
        if (UnusualPaths.TryNormalise(text, out var path) && (path.Contains("//", StringComparison.Ordinal) || path.EndsWith('/'))) throw new FuzzFault($"'{path}' is not normal.");
    }
}
