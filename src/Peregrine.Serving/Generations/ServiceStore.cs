using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Files;
using Peregrine.Packages;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Generations;

/// <summary>
/// The node's disk: <c>services/{id}/service.json</c> and <c>services/{id}/generations/{g}.zip</c>. Every write is durable before it
/// returns; the document decides what there is, and a file that it does not name counts for nothing. Changes are serialised by the caller.
/// </summary>
internal sealed class ServiceStore(IOptions<ServingOptions> options, FileLayer layer, ILogger<ServiceStore> log)
{
    /// <summary>Ends the name of an upload that has not arrived whole.</summary>
    public const string PartialSuffix = ".part";

    private const string DocumentName = "service.json";
    private const string DeletedName = "deleted.json";
    private const string PackageSuffix = ".zip";

    private readonly DurableFiles _files = new(layer);
    private readonly List<Action<string>> _forget = [];

    private string Root => Path.Combine(options.Value.DataDirectory, "services");

    /// <param name="forget">Called with the id of a service that is gone. To be said before the first change.</param>
    public void WhenDeleted(Action<string> forget) => _forget.Add(forget);

    public string FolderOf(string service) => Path.Combine(Root, service);

    public string PackagePath(string service, string generation) => Path.Combine(GenerationsFolder(service), generation + PackageSuffix);

    /// <summary>Where packages and uploads of a service lie; it exists once the service does.</summary>
    public string GenerationsFolder(string service) => Path.Combine(Root, service, "generations");

    /// <summary>Where uploads that can be resumed lie.</summary>
    public string IncomingFolder(string service) => Path.Combine(Root, service, "incoming");

    /// <summary>Removes what crashes left half done: temporary files and services whose deletion had begun. What cannot be removed waits for the next start.</summary>
    public void CleanUp()
    {
        _files.CreateDirectory(Root);
        foreach (var folder in Directory.GetDirectories(Root))
        {
            var deleted = File.Exists(Path.Combine(folder, DeletedName)) && !File.Exists(Path.Combine(folder, DocumentName));
            if (deleted) TryRemove(folder, layer.DeleteDirectory);
        }

        const string leftovers = "*" + DurableFile.TemporarySuffix;
        foreach (var leftover in Directory.GetFiles(Root, leftovers, SearchOption.AllDirectories)) TryRemove(leftover, layer.Delete);
        foreach (var leftover in Directory.GetFiles(options.Value.DataDirectory, leftovers)) TryRemove(leftover, layer.Delete);
    }

    /// <summary>Services that there are: those with a document. A folder without one is a creation that never was, or a deletion not yet done.</summary>
    public IReadOnlyList<string> ServiceIds() =>
        [.. Directory.GetDirectories(Root).Where(folder => !IsUnborn(folder)).Select(folder => Path.GetFileName(folder)).Where(PackageIds.IsValid).Order(StringComparer.Ordinal)];

    /// <exception cref="InvalidDataException">The document is missing, damaged or of a newer version; it is left as it is.</exception>
    public ServiceDocument Read(string service)
    {
        var path = Path.Combine(Root, service, DocumentName);
        try
        {
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(path), ServingJson.Default.ServiceDocument)
                           ?? throw new InvalidDataException($"'{path}' is empty.");
            if (document.FormatVersion > ServiceDocument.CurrentFormat)
                throw new InvalidDataException($"'{path}' has format {document.FormatVersion}; this version reads up to {ServiceDocument.CurrentFormat}. Use a newer Peregrine.");
            if (DocumentRules.Check(document) is { } fault)
                throw new InvalidDataException($"'{path}' is damaged: {fault} Restore it, or delete the folder and deploy the service again.");
            return document with { ServiceId = service };
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {fault.Message} Restore it, or delete the folder and deploy the service again.", fault);
        }
    }

    public async Task WriteAsync(ServiceDocument document, CancellationToken cancellationToken)
    {
        _files.CreateDirectory(GenerationsFolder(document.ServiceId));
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ServingJson.Default.ServiceDocument);
        await _files.WriteAsync(Path.Combine(Root, document.ServiceId, DocumentName), json, mode: null, cancellationToken);
    }

    /// <summary>Takes a verified file of this service's folder as the package of a generation.</summary>
    public void Adopt(string temporary, string service, string generation)
    {
        using (var file = layer.OpenAlone(temporary)) layer.FlushToDisk(file);
        _files.MoveIntoPlace(temporary, PackagePath(service, generation));
    }

    /// <summary>Removes a package that the document names no longer. One that cannot be removed is as good as gone and goes with the next cleaning.</summary>
    public void DeletePackage(string service, string generation) => TryRemove(PackagePath(service, generation), _files.Delete);

    /// <summary>Removes package files that the document does not name, left by an import that a crash cut short.</summary>
    public void DeleteUnknownPackages(ServiceDocument document)
    {
        foreach (var file in Directory.GetFiles(GenerationsFolder(document.ServiceId), "*" + PackageSuffix))
        {
            if (document.Find(Path.GetFileNameWithoutExtension(file)) is null) TryRemove(file, _files.Delete);
        }
    }

    /// <summary>The service is gone once this has renamed its document; what cannot be removed then is removed at the next start.</summary>
    public void DeleteService(string service)
    {
        var folder = Path.Combine(Root, service);
        _files.MoveIntoPlace(Path.Combine(folder, DocumentName), Path.Combine(folder, DeletedName));
        foreach (var forget in _forget) forget(service);
        TryRemove(folder, layer.DeleteDirectory);
    }

    /// <summary>A frame of folders without a document or a package, as a crash before the first document leaves it.</summary>
    private static bool IsUnborn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).All(file => file.EndsWith(PartialSuffix, StringComparison.Ordinal));

    private void TryRemove(string path, Action<string> remove)
    {
        try
        {
            remove(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            ServingLog.NotRemoved(log, path, refused.Message);
        }
    }
}
