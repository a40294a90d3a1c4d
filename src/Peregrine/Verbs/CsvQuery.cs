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
        await using var file = Open(csv);
        if (file is { CanSeek: true, Length: 0 }) throw new UsageException($"File '{csv}' is empty; it begins with a header row that names the features.");
        var rows = await ProgressView.RunAsync($"Scoring {Path.GetFileName(csv)}", progress => CopyAsync(node, endpoint, file, output, parameters, progress, cancellationToken));
        Output.Note(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} records scored{(output is null ? "" : $" into {output}")}."));
    }

    private static async Task<long> CopyAsync(
        ApiNodeClient node, string endpoint, FileStream file, string? output, string parameters, IProgress<JobProgress> progress, CancellationToken cancellationToken)
    {
        var parts = new CsvParts(file, PartBytes);
        var rows = 0L;
        Stream? target = null;
        try
        {
            while (await parts.NextAsync(cancellationToken) is { } part)
            {
                var answer = await node.ScoreCsvAsync(endpoint, part.Part, part.FirstLine, parameters, cancellationToken);
                var header = answer.AsSpan().IndexOf((byte)'\n') + 1;
                rows += answer.AsSpan(header).Count((byte)'\n');
                var isFirst = target is null;
                // Not before there is something to write: a refused call leaves former results as they are.
                target ??= output is null ? Console.OpenStandardOutput() : Create(output);
                await target.WriteAsync(isFirst ? answer : answer.AsMemory(header), cancellationToken);
                progress.Report(new JobProgress(file.Length == 0 ? 1 : file.Position / (double)file.Length, null, null));
            }
        }
        finally
        {
            if (target is not null) await target.DisposeAsync();
        }

        return rows;
    }

    private static FileStream Open(string csv)
    {
        try
        {
            return new FileStream(csv, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"File '{csv}' cannot be read: {refused.Message}", refused);
        }
    }

    private static FileStream Create(string output)
    {
        try
        {
            return new FileStream(output, FileMode.Create, FileAccess.Write);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"File '{output}' cannot be written: {refused.Message}", refused);
        }
    }
}
