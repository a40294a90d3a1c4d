namespace Peregrine.Hosting.Http;

/// <summary>An uploaded file on local disk, deleted on disposal unless it was moved away before.</summary>
public sealed class Upload : IAsyncDisposable
{
    /// <summary>Base name the client gave, without folders; <c>file</c> when it gave none. Never use it as a path.</summary>
    public required string FileName { get; init; }

    public required string Path { get; init; }

    /// <summary>Bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the content, 64 lower-case hex digits.</summary>
    public required string Digest { get; init; }

    public Stream OpenRead() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous);

    public ValueTask DisposeAsync()
    {
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}
