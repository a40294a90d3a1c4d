using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.QueryLog.Columns;
using Peregrine.Serving.QueryLog.Sinks;
using Peregrine.Serving.QueryLog.Tail;

namespace Peregrine.Fuzz.Targets;

/// <summary>Columns that rules hide are hidden in every line that comes out, however the caller spelled them; what comes out can be sent.</summary>
internal sealed class LogTarget : IFuzzTarget
{
    private readonly ColumnFilter _filter;
    private readonly SinkEncoder[] _encoders = [.. Enum.GetValues<SinkFormat>().Select(format => new SinkEncoder(format, "/fuzz"))];

    public LogTarget()
    {
        var options = Options.Create(new QueryLogOptions { HashKey = "0123456789abcdef" });
        var policies = new ColumnPolicies(options);
        policies.Register("s", "e", "g", [
            new LogColumnRule { Column = "country", Action = LogAction.Drop }, new LogColumnRule { Column = "amount", Action = LogAction.Bucket, Edges = [-1, 0, 1.5] },
            new LogColumnRule { Column = "c*", Action = LogAction.Hash },
        ]);
        _filter = new ColumnFilter(policies, new ColumnHashKey(options, Options.Create(new ServingOptions())));
    }

    public string Name => "log";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("json");

    public IReadOnlyList<byte[]> Words => JsonTarget.JsonWords;

    public long AllocationLimit(int inputLength) => 1024 * 1024 + 128L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (TailCursor.TryParse(Encoding.Latin1.GetString(input), out var cursor) && cursor.Offset < 0) throw new FuzzFault("A cursor before the beginning.");
        if (!Utf8.IsValid(input)) return;
        var line = new byte[input.Length * 2 + 200];
        var length = LineOf(input, line);
        var output = Utf8Output.Rent();
        _filter.Apply(line.AsSpan(0, length), output);
        foreach (var end in output.Written.Split((byte)'\n'))
            if (!output.Written[end].IsEmpty) Check(output.Written[end]);
        foreach (var encoder in _encoders)
        {
            var body = new Utf8Output();
            encoder.Encode(output.Written, body);
        }

        Utf8Output.Return(output);
    }

    /// <summary>A line as the node would write it, with the input's features when they are JSON, else the input as it is.</summary>
    private static int LineOf(ReadOnlySpan<byte> input, byte[] line)
    {
        var json = new Records.JsonScanner(input);
        var at = 0;
        if (!json.TrySkipValue() || !json.TryEnd())
        {
            input.CopyTo(line);
            return input.Length;
        }

        Append(line, ref at, "{\"service\":\"s\",\"endpoint\":\"e\",\"generation\":\"g\",\"id\":\"1\",\"timestamp\":\"t\",\"features\":"u8);
        at += JsonText.Compact(input, line.AsSpan(at));
        Append(line, ref at, "}\n"u8);
        return at;
    }

    private static void Append(byte[] line, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line.AsSpan(at));
        at += part.Length;
    }

    private static void Check(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 200 });
        using var document = JsonDocument.ParseValue(ref reader);
        if (!document.RootElement.TryGetProperty("service", out var service) || service.ValueKind != JsonValueKind.String || service.GetRawText() != "\"s\"") return;
        if (!document.RootElement.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Object) return;
        foreach (var column in features.EnumerateObject())
        {
            if (column.Name == "country") throw new FuzzFault("A dropped column is in the line.");
            if (column.Name.StartsWith('c') && column.Value.ValueKind != JsonValueKind.Null
                && !(column.Value.ValueKind == JsonValueKind.String && column.Value.GetString()!.StartsWith("hash:", StringComparison.Ordinal)))
                throw new FuzzFault("A hashed column is in the line as it was.");
        }
    }
}
