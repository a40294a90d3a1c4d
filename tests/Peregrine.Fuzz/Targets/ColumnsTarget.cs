using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>A <c>predict-multi</c> body with <c>columns</c>: what is answered is what the same records get as <c>items</c>.</summary>
internal sealed class ColumnsTarget(FuzzNode node) : IFuzzTarget
{
    private readonly PredictionEngine _engine = node.Engine;
    private readonly EndpointRoute _route = node.Route;

    public string Name => "columns";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("columns");

    public IReadOnlyList<byte[]> Words { get; } = [.. JsonTarget.JsonWords, .. Fuzz.Corpus.Words("\"columns\":{", "[1,2]", "[null,null]", "[\"FR\",\"GB\"]", ",null", ",[", "],")];

    public long AllocationLimit(int inputLength) => 1024 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (Ask(input) is not { } answer || ItemsOf(input) is not { } items) return;
        if (Ask(Encoding.UTF8.GetBytes(items)) is not { } same) throw new FuzzFault($"As items it is refused: {items}");
        var (columns, rows) = (ResultsOf(answer), ResultsOf(same));
        if (columns != rows) throw new FuzzFault($"As columns {columns}, as items {rows}.");
    }

    private byte[]? Ask(ReadOnlySpan<byte> body)
    {
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var error = _engine.PredictMulti(_route, body, new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp()), output, ref report);
        if (error is not null) EngineTarget.Check(error);
        var answer = error is null ? output.Written.ToArray() : null;
        Utf8Output.Return(output);
        return answer;
    }

    private static string ResultsOf(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("results").GetRawText();
    }

    /// <returns>Null when it is not one object of columns as others read JSON.</returns>
    private static string? ItemsOf(ReadOnlySpan<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return null;
        }

        using (document)
        {
            if (!document.RootElement.TryGetProperty("columns", out var columns) || document.RootElement.TryGetProperty("items", out _)) return null;
            var lists = columns.EnumerateObject().Where(column => column.Value.ValueKind == JsonValueKind.Array).ToList();
            // A dropped column may have any length.
            var fields = lists.Where(column => FuzzNode.Model.Spec.Inputs.Any(field => field.Name == column.Name)).ToList();
            if (fields.Count == 0) return null;
            var rows = fields[0].Value.GetArrayLength();
            var items = Enumerable.Range(0, rows).Select(row => $"{{\"features\":{{{string.Join(',', fields.Select(field => $"{JsonSerializer.Serialize(field.Name)}:{field.Value[row].GetRawText()}"))}}}}}");
            return $"{{\"items\":[{string.Join(',', items)}]}}";
        }
    }
}
