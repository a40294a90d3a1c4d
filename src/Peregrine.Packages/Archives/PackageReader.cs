using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Peregrine.Packages.Manifests;
using Peregrine.Records;

namespace Peregrine.Packages.Archives;

/// <summary>
/// An opened package whose seal, structure and manifest hold. Each entry is compared with its digest when it is read. Not
/// thread-safe.
/// </summary>
public sealed class PackageReader : IDisposable
{
    private const ushort Stored = 0;

    private readonly Stream _stream;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private PackageReader(Stream stream, ZipArchive zip, string digest, PackageLimits limits)
    {
        _stream = stream;
        _zip = zip;
        Digest = digest;
        _entries = ArchiveStructure.Check(zip, limits, stream.Length);
        Manifest = ManifestReader.Read(ReadBytes(_entries[PackageEntries.Manifest]));
        ArchiveStructure.Check(_entries, Manifest);
    }

    /// <summary>SHA-256 of the archive.</summary>
    public string Digest { get; }

    public ServicePackageManifest Manifest { get; }

    /// <summary>Opens a package file.</summary>
    /// <exception cref="PackageException">It is no package, or one that cannot be trusted or read by this version.</exception>
    public static PackageReader Open(string path, PackageLimits? limits = null) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), limits);

    /// <param name="stream">Seekable; disposed with the reader, or at once when this throws.</param>
    /// <inheritdoc cref="Open(string, PackageLimits?)"/>
    public static PackageReader Open(Stream stream, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        ZipArchive? zip = null;
        try
        {
            if (stream.Length > limits.MaxArchiveBytes)
                throw new PackageException(
                    PackageFaultCode.TooLarge, string.Empty, $"The package has {stream.Length:N0} bytes; this reader takes {limits.MaxArchiveBytes:N0}.",
                    "Make the model smaller, or raise the limit.");
            var digest = PackageSeal.Check(stream);
            stream.Position = 0;
            zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return new PackageReader(stream, zip, digest, limits);
        }
        catch (Exception fault)
        {
            zip?.Dispose();
            stream.Dispose();
            if (ZipFaults.IsZipFault(fault)) throw ZipFaults.Damaged(fault);
            throw;
        }
    }

    /// <summary>The content of an entry, compared with its digest.</summary>
    /// <exception cref="PackageException">There is no such entry, or it is damaged.</exception>
    public byte[] Read(string name)
    {
        if (!Manifest.Entries.TryGetValue(name, out var wanted))
            throw new PackageException(PackageFaultCode.BadStructure, name, "The package lacks this entry.", "Make the package again.");
        var bytes = ReadBytes(_entries[name]);
        if (bytes.LongLength == wanted.Length && Digests.Of(bytes) == wanted.Sha256)
        {
            _read.Add(name);
            LongWork.GiveWay();
            return bytes;
        }

        throw new PackageException(
            PackageFaultCode.BadStructure, name, "The content does not match its digest in the manifest.", "Make the package again.");
    }

    /// <summary>Those that <see cref="Read"/> has not yet compared with their digests.</summary>
    public IReadOnlyList<string> UnreadEntries => [.. Manifest.Entries.Keys.Where(name => !_read.Contains(name))];

    /// <summary>Whether the package holds an entry.</summary>
    public bool Contains(string name) => Manifest.Entries.ContainsKey(name);

    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
    }

    private static byte[] ReadBytes(ZipArchiveEntry entry)
    {
        try
        {
            var bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (ZipFaults.IsZipFault(fault))
        {
            throw ZipFaults.Damaged(fault, entry.FullName);
        }
    }
}
