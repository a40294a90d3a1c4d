using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Admin;

/// <summary>The folders of this machine that an admin call may read packages from. By default there is none.</summary>
internal sealed class ImportFolders(IOptions<ServingOptions> options)
{
    /// <summary>The file that a path names, links followed, if it lies under an allowed folder.</summary>
    /// <exception cref="ApiErrorException">It does not, or there is no such file. Outside the folders both look the same.</exception>
    public string Resolve(string path)
    {
        if (options.Value.ImportFolders.Count == 0)
            throw Forbidden("Importing from a path is off on this node. Name the folders it may read in the option Serving:ImportFolders, or upload the package.");
        var full = RealPath(Path.GetFullPath(path));
        if (!options.Value.ImportFolders.Any(folder => IsUnder(full, RealPath(Path.GetFullPath(folder)))))
            throw Forbidden($"'{path}' lies under none of the folders that this node may read (option Serving:ImportFolders). Move it there, or upload the package.");
        return File.Exists(full)
            ? full
            : throw ApiError.NotFound($"There is no file '{path}' on this node.", $"There is no file '{path}' on this node. The path is one of the node's machine, not of the caller's.").AsException();
    }

    public async Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        if (new FileInfo(source).Length > options.Value.MaxPackageBytes)
            throw ApiError.PayloadTooLarge($"'{source}' is larger than the {options.Value.MaxPackageBytes:N0} bytes that are taken here.").AsException();
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await from.CopyToAsync(to, cancellationToken);
    }

    private static bool IsUnder(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every link on it followed, as far as it exists.</summary>
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
    }

    private static ApiErrorException Forbidden(string message) => ApiError.Forbidden("This path may not be imported from.", message, "ImportForbidden").AsException();
}
