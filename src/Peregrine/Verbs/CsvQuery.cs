using System.Globalization;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Scores a CSV file: sends it to a node in parts and writes the results as they come.</summary>
internal static class CsvQuery
{
    /// <summary>Small enough for a node to take it in while nobody reads its answer yet.</summary>
    private const int PartBytes = 512 * 1024;

    /// <summary>Results stand in the order of the records; one that cannot be read has its error in the column <c>error</c>.</summary>
    /// <param name="output">The file to write; null: standard output.</param>
    /// <param name="parameters">More of the call's query, such as <c>&amp;explanations.enabled=true</c>; or empty.</param>
    public static async Task RunAsync(ApiNodeClient node, string endpoint, string csv, string? output, string parameters, CancellationToken cancellationToken)
    {
        if (!File.Exists(csv)) throw new UsageException($"There is no file '{csv}'.");
        if (output is not null && Path.GetFullPath(output) == Path.GetFullPath(csv)) throw new UsageException("--out is the file that is read. Name another.");
        await using var file = new FileStream(csv, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        await using var target = output is null ? Console.OpenStandardOutput() : new FileStream(output, FileMode.Create, FileAccess.Write);
        var rows = await ProgressView.RunAsync($"Scoring {Path.GetFileName(csv)}", progress => CopyAsync(node, endpoint, file, target, parameters, progress, cancellationToken));
        Output.Note(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} records scored{(output is null ? "" : $" into {output}")}."));
    }

    private static async Task<long> CopyAsync(
        ApiNodeClient node, string endpoint, FileStream file, Stream target, string parameters, IProgress<JobProgress> progress, CancellationToken cancellationToken)
    {
        var parts = new CsvParts(file, PartBytes);
        var rows = 0L;
        for (var isFirst = true; await parts.NextAsync(cancellationToken) is { } part; isFirst = false)
        {
            var answer = await node.ScoreCsvAsync(endpoint, part.Part, part.FirstLine, parameters, cancellationToken);
            var header = answer.AsSpan().IndexOf((byte)'\n') + 1;
            rows += answer.AsSpan(header).Count((byte)'\n');
            await target.WriteAsync(isFirst ? answer : answer.AsMemory(header), cancellationToken);
            progress.Report(new JobProgress(file.Length == 0 ? 1 : file.Position / (double)file.Length, null, null));
        }

        return rows;
    }
}
