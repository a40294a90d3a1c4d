using System.IO.Compression;
using System.Text;
using Peregrine.Datasets;
using Peregrine.Datasets.Csv;

namespace Peregrine.Fuzz.Targets;

/// <summary>A CSV file, plain or gzip: a table whose columns have equally many rows, or a refusal that says something.</summary>
internal sealed class CsvTarget : IFuzzTarget
{
    private static readonly CsvReadOptions s_options = new() { MaxBytes = 1 << 20, MaxRows = 10_000, MaxColumns = 200, MaxRowBytes = 1 << 16 };

    public string Name => "csv";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Fuzz.Corpus.Of("csv"), .. Fuzz.Corpus.Of("csv").Select(Gzip)];

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(",", ";", "\t", "|", "\"", "\"\"", "\r\n", "\n", "\r", "\uFEFF", "1.5", "true", "2026-01-31", "é", "\0", " ", "NA", "a,b\n", "\"x\ny\"");

    public long AllocationLimit(int inputLength) => 24 * 1024 * 1024 + 1024L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            _ = CsvTableReader.Read(new MemoryStream(input.ToArray(), writable: false), s_options);
        }
        catch (DatasetException refused)
        {
            if (refused.Message.Length == 0) throw new FuzzFault("It was refused without a word.");
        }
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return target.ToArray();
    }
}
