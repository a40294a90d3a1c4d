using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>A package under another version id: only its manifest and its seal differ.</summary>
internal static class PackageCopy
{
    private const string Manifest = "manifest.json";
    private const string Marker = "peregrine-package sha256:";
    private const int HashLength = 64;

    public static string VersionOf(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        return (string)JsonNode.Parse(Content(zip.GetEntry(Manifest)!))!["versionId"]!;
    }

    public static byte[] WithVersion(byte[] package, string version)
    {
        using var source = new ZipArchive(new MemoryStream(package));
        using var target = new MemoryStream();
        using (var copy = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true) { Comment = Marker + new string('0', HashLength) })
        {
            foreach (var entry in source.Entries)
            {
                var content = Content(entry);
                if (entry.FullName == Manifest)
                {
                    var manifest = JsonNode.Parse(content)!;
                    manifest["versionId"] = version;
                    content = Encoding.UTF8.GetBytes(manifest.ToJsonString());
                }

                using var stream = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }

        var archive = target.ToArray();
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(archive.AsSpan(0, archive.Length - HashLength)))).CopyTo(archive, archive.Length - HashLength);
        return archive;
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
