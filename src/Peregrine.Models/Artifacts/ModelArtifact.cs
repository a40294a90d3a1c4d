using System.IO.Compression;
using System.Text.Json;
using Peregrine.Models.Drift;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Artifacts;

/// <summary>
/// A model as one file: an uncompressed zip of <c>model.json</c>, <c>trees.bin</c>, <c>lookups/{name}.bin</c> and <c>reference.json</c>. Equal models give
/// equal bytes.
/// </summary>
public sealed record ModelArtifact
{
    private const string SpecEntry = "model.json";
    private const string TreesEntry = "trees.bin";
    private const string LookupFolder = "lookups/";
    private const string ReferenceEntry = "reference.json";
    private const long MaxSpecBytes = 256L << 20;
    private const long MaxReferenceBytes = 64L << 20;

    // Zip stores local time without a zone: one fixed moment makes equal content equal bytes.
    private static readonly DateTimeOffset s_timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public required ModelSpec Spec { get; init; }

    /// <summary>The trees, when the predictor is one of trees.</summary>
    public TreeEnsemble? Trees { get; init; }

    /// <summary>The reference tables of lookup steps, by name.</summary>
    public IReadOnlyDictionary<string, LookupTable> Lookups { get; init; } = new Dictionary<string, LookupTable>(StringComparer.Ordinal);

    /// <summary>What training saw, to compare traffic with; null in models of before, which serve all the same.</summary>
    public TrainingReference? Reference { get; init; }

    public void Write(Stream destination)
    {
        using var zip = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        AddEntry(zip, SpecEntry, stream => JsonSerializer.Serialize(stream, Spec, ModelJson.Default.ModelSpec));
        if (Trees is not null) AddEntry(zip, TreesEntry, Trees.Write);
        foreach (var (name, table) in Lookups.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            AddEntry(zip, LookupFolder + name + ".bin", table.Write);
        if (Reference is not null) AddEntry(zip, ReferenceEntry, stream => stream.Write(Reference.ToBytes()));
    }

    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        Write(buffer);
        return buffer.ToArray();
    }

    /// <param name="source">A seekable stream.</param>
    /// <exception cref="ModelException">It is no model, is damaged, or was written by a newer version.</exception>
    public static ModelArtifact Read(Stream source)
    {
        try
        {
            using var zip = new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);
            var spec = ReadSpec(zip);
            var trees = zip.GetEntry(TreesEntry) is { } entry ? ReadEntry(entry, TreeEnsemble.Read) : null;
            var lookups = zip.Entries
                .Where(e => e.FullName.StartsWith(LookupFolder, StringComparison.Ordinal) && e.FullName.EndsWith(".bin", StringComparison.Ordinal))
                .ToDictionary(e => e.FullName[LookupFolder.Length..^4], e => ReadEntry(e, LookupTable.Read), StringComparer.Ordinal);
            var reference = zip.GetEntry(ReferenceEntry) is { } stored ? ReadReference(stored) : null;
            return new() { Spec = spec, Trees = trees, Lookups = lookups, Reference = reference };
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            throw new ModelException($"The model file is damaged: {exception.Message}", exception);
        }
    }

    private static ModelSpec ReadSpec(ZipArchive zip)
    {
        var entry = zip.GetEntry(SpecEntry) ?? throw new ModelException($"The model file holds no {SpecEntry}.");
        if (entry.Length > MaxSpecBytes) throw new ModelException($"The model's {SpecEntry} is larger than {MaxSpecBytes >> 20} MiB.");
        using var stream = entry.Open();
        try
        {
            using var document = JsonDocument.Parse(stream);
            // The version first: a newer file may hold what this code cannot name.
            if (document.RootElement.TryGetProperty("formatVersion", out var version) && version.TryGetInt32(out var number)
                && number > ModelSpec.CurrentFormatVersion)
                throw new ModelException($"The model has format {number}; this version reads formats up to {ModelSpec.CurrentFormatVersion}. Use a newer Peregrine.");
            return document.Deserialize(ModelJson.Default.ModelSpec) ?? throw new ModelException($"The model's {SpecEntry} is empty.");
        }
        catch (JsonException exception)
        {
            throw new ModelException($"The model's {SpecEntry} cannot be read: {exception.Message}", exception);
        }
    }

    private static TrainingReference? ReadReference(ZipArchiveEntry entry)
    {
        if (entry.Length > MaxReferenceBytes) throw new ModelException($"The model's {ReferenceEntry} is larger than {MaxReferenceBytes >> 20} MiB.");
        return ReadEntry(entry, TrainingReference.Read);
    }

    private static void AddEntry(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = s_timestamp;
        using var stream = entry.Open();
        write(stream);
    }

    private static T ReadEntry<T>(ZipArchiveEntry entry, Func<Stream, T> read)
    {
        using var stream = entry.Open();
        using var buffered = new BufferedStream(stream, 1 << 14);
        var part = read(buffered);
        LongWork.GiveWay();
        return part;
    }
}
