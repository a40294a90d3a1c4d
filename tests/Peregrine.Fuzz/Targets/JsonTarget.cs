using System.Text.Json;
using System.Text.Unicode;
using Peregrine.Records;

namespace Peregrine.Fuzz.Targets;

/// <summary>The scanner takes exactly what System.Text.Json takes, apart from the three words it tolerates.</summary>
internal sealed class JsonTarget : IFuzzTarget
{
    private const int MaxDepth = 40;

    public static IReadOnlyList<byte[]> JsonWords { get; } = Fuzz.Corpus.Words(
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud83d\\ude00", "\\ud800", "null", "true", "false", "NaN", "-Infinity", "Infinity", "0", "-", "1e999", "-0.0", "1E-7",
        "123456789012345678901234567890", "\"features\":", "\"items\":[", "\"amount\":", "\"country\":", "\"online\":", "\"at\":", "\"day\":", "\"count\":", "\"na\u00efve \\\"name\\\"\":", "\"id\":1,",
        "\"dispatch\":{\"forcedGeneration\":\"v1\"},", "\"dispatchKey\":\"k\"", "\"context\":{},", "\"explanations\":{\"enabled\":false},", "\"2026-01-31T12:00:00Z\"", "\"\"", " ", "\n", "\t", "\uFEFF", "{\"a\":[");

    public string Name => "json";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("json");

    public IReadOnlyList<byte[]> Words => JsonWords;

    /// <summary>Utf8JsonReader throws on bad input, with the path to the place in the message; the scanner itself allocates nothing.</summary>
    public long AllocationLimit(int inputLength) => 256 * 1024 + 64L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Utf8.IsValid(input)) return;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var ours = Scan(input);
        if (GC.GetAllocatedBytesForCurrentThread() - before is > 0 and var allocated) throw new FuzzFault($"The scanner allocated {allocated} bytes.");
        if (input.IndexOf("NaN"u8) >= 0 || input.IndexOf("Infinity"u8) >= 0) return;
        var theirs = Accepts(input);
        if (ours != theirs) throw new FuzzFault($"The scanner says {ours}, System.Text.Json says {theirs}.");
    }

    private static bool Scan(ReadOnlySpan<byte> input)
    {
        var json = new JsonScanner(input, MaxDepth);
        var good = json.TrySkipValue() && json.TryEnd();
        if (json.Position < 0 || json.Position > input.Length) throw new FuzzFault($"Position {json.Position} is outside of the input.");
        if (good == (json.Fault != JsonFault.None)) throw new FuzzFault($"It says {good} with fault {json.Fault}.");
        return good;
    }

    private static bool Accepts(ReadOnlySpan<byte> input)
    {
        if (input.IndexOfAnyExcept(" \t\r\n"u8) < 0) return false;
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
