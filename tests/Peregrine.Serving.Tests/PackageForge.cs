using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests;

/// <summary>Packages that no packager would make: an entry is changed and every digest and the seal are made to fit again.</summary>
internal static class PackageForge
{
    private const string Marker = "peregrine-package sha256:";

    public static byte[] WithGolden(TestPackage package, Func<string, string> change)
    {
        var entries = Read(package.Write());
        var name = entries.Keys.Single(entry => entry.EndsWith("golden.jsonl", StringComparison.Ordinal));
        entries[name] = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(entries[name])));
        var manifest = JsonNode.Parse(entries["manifest.json"])!;
        manifest["entries"]![name] = new JsonObject { ["length"] = entries[name].Length, ["sha256"] = Hash(entries[name]) };
        entries["manifest.json"] = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        return Seal(entries);
    }

    private static Dictionary<string, byte[]> Read(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            entries[entry.FullName] = content.ToArray();
        }

        return entries;
    }

    private static byte[] Seal(Dictionary<string, byte[]> entries)
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true) { Comment = Marker + new string('0', 64) })
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }

        var archive = target.ToArray();
        Encoding.ASCII.GetBytes(Hash(archive.AsSpan(0, archive.Length - 64))).CopyTo(archive, archive.Length - 64);
        return archive;
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
