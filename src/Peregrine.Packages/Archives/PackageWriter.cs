using System.IO.Compression;
using System.Text.Json;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Archives;

/// <summary>Makes packages. The same content gives the same bytes: entries are sorted, stored as they are, and carry no time.</summary>
public sealed class PackageWriter(EndpointKinds kinds)
{
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="target">Empty, seekable, readable and writable; left open at its end.</param>
    /// <returns>Digest of the archive and its manifest.</returns>
    /// <exception cref="PackageException">The content breaks a rule; the target then holds nothing of use.</exception>
    public WrittenPackage Write(PackageContent content, Stream target)
    {
        var parts = content.Endpoints.Select(source => (Source: source, Parts: Pack(source))).ToList();
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (source, packed) in parts)
        foreach (var (name, bytes) in packed.Entries)
            entries.Add(PackageEntries.FolderOf(source.Id) + name, bytes);

        var manifest = new ServicePackageManifest
        {
            FormatVersion = ServicePackageManifest.CurrentFormat,
            ServiceId = content.ServiceId,
            VersionId = content.VersionId,
            CreatedOn = content.CreatedOn.ToUniversalTime(),
            ReleaseNotes = content.ReleaseNotes,
            Authorization = content.Authorization,
            Endpoints = [.. parts.Select(part => new EndpointManifest
            {
                Id = part.Source.Id, Kind = part.Source.Kind, Settings = part.Parts.Settings,
            })],
            Entries = new SortedDictionary<string, EntryManifest>(
                entries.ToDictionary(entry => entry.Key, entry => new EntryManifest(entry.Value.LongLength, Digests.Of(entry.Value))),
                StringComparer.Ordinal),
        };
        if (ManifestRules.Check(manifest) is [var fault, ..]) throw new PackageException(fault);
        return new WrittenPackage(WriteArchive(manifest, entries, target), manifest);
    }

    private EndpointParts Pack(EndpointSource source)
    {
        if (!PackageIds.IsValid(source.Id))
            throw new PackageException(
                PackageFaultCode.BadManifest, "/endpoints", $"'{source.Id}' cannot be the id of an endpoint.", $"An id is {PackageIds.Rule}.");
        return kinds.Get(source.Kind, source.Id).Pack(source);
    }

    private static string WriteArchive(ServicePackageManifest manifest, SortedDictionary<string, byte[]> entries, Stream target)
    {
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true) { Comment = PackageSeal.Open })
        {
            AddEntry(zip, PackageEntries.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, PackagesJson.Default.ServicePackageManifest));
            foreach (var (name, bytes) in entries) AddEntry(zip, name, bytes);
        }

        return PackageSeal.Close(target);
    }

    private static void AddEntry(ZipArchive zip, string name, byte[] bytes)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        entry.ExternalAttributes = 0;
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
