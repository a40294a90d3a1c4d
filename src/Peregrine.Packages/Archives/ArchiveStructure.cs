using System.IO.Compression;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Archives;

/// <summary>The rules for the entries of a package.</summary>
internal static class ArchiveStructure
{
    private const string Remedy = "Make the package again with the API Designer.";

    /// <summary>Count, names and lengths, before anything is read. Entries are stored as they are, so together they are no longer than the archive that holds them.</summary>
    /// <param name="archiveBytes">Length of the archive.</param>
    public static Dictionary<string, ZipArchiveEntry> Check(ZipArchive zip, PackageLimits limits, long archiveBytes)
    {
        if (zip.Entries.Count > limits.MaxEntries)
            throw TooLarge(string.Empty, $"The package has {zip.Entries.Count:N0} entries; this reader takes {limits.MaxEntries:N0}.");
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        var left = archiveBytes;
        foreach (var entry in zip.Entries)
        {
            Check(entry, limits);
            left -= entry.Length;
            if (left < 0) throw Bad(entry.FullName, $"The entry claims {entry.Length:N0} bytes, more than the archive of {archiveBytes:N0} bytes has for it.");
            if (!entries.TryAdd(entry.FullName, entry)) throw Bad(entry.FullName, "The entry stands twice in the archive.");
        }

        return entries.ContainsKey(PackageEntries.Manifest)
            ? entries
            : throw Bad(PackageEntries.Manifest, "The package lacks its manifest.");
    }

    /// <summary>The manifest names all other entries, and no others.</summary>
    public static void Check(Dictionary<string, ZipArchiveEntry> entries, ServicePackageManifest manifest)
    {
        foreach (var name in entries.Keys)
        {
            if (name != PackageEntries.Manifest && !manifest.Entries.ContainsKey(name))
                throw Bad(name, "The manifest does not name this entry.");
        }

        foreach (var (name, wanted) in manifest.Entries)
        {
            if (!entries.TryGetValue(name, out var entry)) throw Bad(name, "The manifest names this entry, the archive lacks it.");
            if (entry.Length != wanted.Length)
                throw Bad(name, $"The entry has {entry.Length:N0} bytes, the manifest says {wanted.Length:N0}.");
        }
    }

    private static void Check(ZipArchiveEntry entry, PackageLimits limits)
    {
        if (!IsSafe(entry.FullName)) throw Bad(entry.FullName, "The entry has a path that is not allowed in a package.");
        var limit = entry.FullName == PackageEntries.Manifest ? limits.MaxManifestBytes : limits.MaxEntryBytes;
        if (entry.Length > limit) throw TooLarge(entry.FullName, $"The entry has {entry.Length:N0} bytes; this reader takes {limit:N0}.");
        if (entry.IsEncrypted || entry.CompressedLength != entry.Length)
            throw Bad(entry.FullName, "The entry is compressed or encrypted; a package stores its entries as they are.");
    }

    /// <summary>Relative, forward slashes, every part an id: no root, no parent folder, no drive, no hidden file.</summary>
    private static bool IsSafe(string name) =>
        name.Length <= 500 && Array.TrueForAll(name.Split('/'), PackageIds.IsValid);

    private static PackageException Bad(string where, string what) => new(PackageFaultCode.BadStructure, where, what, Remedy);

    private static PackageException TooLarge(string where, string what) =>
        new(PackageFaultCode.TooLarge, where, what, "Make the model smaller, or raise the limit.");
}
