using System.Buffers;
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
    /// <summary>What is larger is not kept for the next one.</summary>
    private const long MostPooledBytes = 1L << 20;

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
        var entry = Find(name, out var wanted);
        var bytes = ReadBytes(entry);
        Check(name, wanted, bytes);
        return bytes;
    }

    /// <summary>The content of an entry that is done with when <paramref name="use"/> returns, in memory that the next one uses again.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public T Read<T>(string name, Func<Stream, T> use)
    {
        var entry = Find(name, out var wanted);
        if (entry.Length > MostPooledBytes) return use(new MemoryStream(Read(name), writable: false));
        var bytes = ArrayPool<byte>.Shared.Rent((int)entry.Length);
        try
        {
            var content = bytes.AsSpan(0, (int)entry.Length);
            Fill(entry, content);
            Check(name, wanted, content);
            return use(new MemoryStream(bytes, 0, content.Length, writable: false));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Those that <see cref="Read(string)"/> has not yet compared with their digests.</summary>
    public IReadOnlyList<string> UnreadEntries => [.. Manifest.Entries.Keys.Where(name => !_read.Contains(name))];

    /// <summary>Whether the package holds an entry.</summary>
    public bool Contains(string name) => Manifest.Entries.ContainsKey(name);

    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
    }

    private ZipArchiveEntry Find(string name, out EntryManifest wanted)
    {
        if (!Manifest.Entries.TryGetValue(name, out wanted!))
            throw new PackageException(PackageFaultCode.BadStructure, name, "The package lacks this entry.", "Make the package again.");
        return _entries[name];
    }

    private void Check(string name, EntryManifest wanted, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != wanted.Length || Digests.Of(bytes) != wanted.Sha256)
            throw new PackageException(PackageFaultCode.BadStructure, name, "The content does not match its digest in the manifest.", "Make the package again.");
        _read.Add(name);
        LongWork.GiveWay();
    }

    private static byte[] ReadBytes(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        Fill(entry, bytes);
        return bytes;
    }

    private static void Fill(ZipArchiveEntry entry, Span<byte> bytes)
    {
        try
        {
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
        }
        catch (Exception fault) when (ZipFaults.IsZipFault(fault))
        {
            throw ZipFaults.Damaged(fault, entry.FullName);
        }
    }
}
