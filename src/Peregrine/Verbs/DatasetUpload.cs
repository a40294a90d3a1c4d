using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>A file becomes a dataset: made when it is new, filled, and its types found. A refused file leaves no empty dataset behind.</summary>
internal static class DatasetUpload
{
    public static async Task<IReadOnlyList<ColumnItem>> RunAsync(PeregrineClient client, string project, string path, string name, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var isNew = !await client.Datasets.ExistsAsync(project, name, cancellationToken);
        if (isNew) await client.Datasets.CreateUploadAsync(project, name, cancellationToken);
        try
        {
            return await ProgressView.RunAsync($"Uploading {Path.GetFileName(path)}", async progress =>
            {
                await using var counted = new CountedStream(file, progress);
                await client.Datasets.UploadAsync(project, name, counted, Path.GetFileName(path), cancellationToken);
                progress.Report(new JobProgress(1, "finding column types", null));
                return await client.Datasets.DetectAsync(project, name, cancellationToken);
            });
        }
        catch (ClientException) when (isNew)
        {
            await client.Datasets.DeleteAsync(project, name, cancellationToken);
            throw;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"File '{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
