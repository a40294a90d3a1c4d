using System.Text;
using Peregrine.Contracts.Files;

namespace Peregrine.DataDirectories;

/// <summary>A secret in a file of its own that only its owner can read.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces the file as a whole; at no moment can others read it.</summary>
    public static Task WriteAsync(string path, string secret, CancellationToken cancellationToken) =>
        DurableFile.WriteAsync(path, Encoding.UTF8.GetBytes(secret + "\n"), OwnerOnly, cancellationToken);

    /// <returns>Null when there is no such file or it is empty.</returns>
    public static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) && (await File.ReadAllTextAsync(path, cancellationToken)).Trim() is { Length: > 0 } secret ? secret : null;
}
