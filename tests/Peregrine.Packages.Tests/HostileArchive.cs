using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Packages.Archives;

namespace Peregrine.Packages.Tests;

/// <summary>Packages that somebody made by hand, with a seal that holds: what is left are the checks behind it.</summary>
internal static class HostileArchive
{
    private static readonly Lazy<byte[]> Good = new(() => new PackageBuilder().Write());

    private const string Golden = "endpoints/score/golden.jsonl";

    /// <summary>Takes a good package apart, lets the caller change it and seals it again.</summary>
    public static byte[] Rewrite(
        Action<Dictionary<string, byte[]>>? entries = null, Action<JsonObject>? manifest = null, Action<ZipArchive>? extra = null,
        CompressionLevel compression = CompressionLevel.NoCompression)
    {
        var content = Read(Good.Value);
        entries?.Invoke(content);
        if (manifest is not null)
        {
            var json = JsonNode.Parse(content["manifest.json"])!.AsObject();
            manifest(json);
            content["manifest.json"] = Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true) { Comment = PackageSeal.Open })
        {
            foreach (var (name, bytes) in content) Add(zip, name, bytes, compression);
            extra?.Invoke(zip);
        }

        PackageSeal.Close(target);
        return target.ToArray();
    }

    /// <summary>Changes an entry and its digest in the manifest, so that only its meaning is wrong.</summary>
    public static byte[] Replace(string name, byte[] bytes, byte[]? golden = null) => Rewrite(
        entries =>
        {
            entries[name] = bytes;
            if (golden is not null) entries[Golden] = golden;
        },
        manifest =>
        {
            manifest["entries"]!.AsObject()[name] = Entry(bytes);
            if (golden is not null) manifest["entries"]!.AsObject()[Golden] = Entry(golden);
        });

    public static void Add(ZipArchive zip, string name, byte[] bytes, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using var stream = zip.CreateEntry(name, compression).Open();
        stream.Write(bytes);
    }

    /// <summary>Changes one byte before the seal and seals the result.</summary>
    public static byte[] Reseal(byte[] archive, int position, byte value)
    {
        var copy = archive.ToArray();
        copy[position] = value;
        var stream = new MemoryStream();
        stream.Write(copy);
        PackageSeal.Close(stream);
        return stream.ToArray();
    }

    /// <summary>Claims another length for an entry, in archive and manifest alike, and seals the result.</summary>
    public static byte[] Claim(string name, uint length)
    {
        var archive = Rewrite(manifest: manifest => manifest["entries"]![name]!["length"] = length);
        var header = archive.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(name)) - 46; // the entry's header in the central directory
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(header + 20), length);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(header + 24), length);
        return Reseal(archive, 0, archive[0]);
    }

    private static JsonObject Entry(byte[] bytes) => new() { ["length"] = bytes.Length, ["sha256"] = Digests.Of(bytes) };

    private static Dictionary<string, byte[]> Read(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        });
    }
}
