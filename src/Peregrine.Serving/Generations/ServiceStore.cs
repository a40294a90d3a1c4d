using System.Text.Json;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Files;
using Peregrine.Packages;

namespace Peregrine.Serving.Generations;

/// <summary>
/// The node's disk: <c>services/{id}/service.json</c> and <c>services/{id}/generations/{g}.zip</c>. Every write is durable before it
/// returns. Changes are serialised by the caller.
/// </summary>
internal sealed class ServiceStore(IOptions<ServingOptions> options)
{
    private const string DocumentName = "service.json";
    private const string DeletedName = "deleted.json";

    private string Root => Path.Combine(options.Value.DataDirectory, "services");

    /// <summary>Called with the id of a service that is gone.</summary>
    public Action<string>? Deleted { get; set; }

    public string FolderOf(string service) => Path.Combine(Root, service);

    public string PackagePath(string service, string generation) => Path.Combine(GenerationsFolder(service), generation + ".zip");

    /// <summary>Where packages and uploads of a service lie; it exists once the service does.</summary>
    public string GenerationsFolder(string service) => Path.Combine(Root, service, "generations");

    /// <summary>Removes what crashes left half done: temporary files and services whose deletion had begun.</summary>
    public void CleanUp()
    {
        DurableFile.CreateDirectory(Root);
        foreach (var folder in Directory.GetDirectories(Root))
        {
            var deleted = File.Exists(Path.Combine(folder, DeletedName)) && !File.Exists(Path.Combine(folder, DocumentName));
            if (deleted) Directory.Delete(folder, recursive: true);
        }

        foreach (var leftover in Directory.GetFiles(Root, "*" + DurableFile.TemporarySuffix, SearchOption.AllDirectories)) File.Delete(leftover);
    }

    public IReadOnlyList<string> ServiceIds() =>
        [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(PackageIds.IsValid).Order(StringComparer.Ordinal)];

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
            return document with { ServiceId = service };
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {fault.Message} Restore it, or delete the folder and deploy the service again.", fault);
        }
    }

    public async Task WriteAsync(ServiceDocument document, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Root, document.ServiceId);
        DurableFile.CreateDirectory(GenerationsFolder(document.ServiceId));
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ServingJson.Default.ServiceDocument);
        await DurableFile.WriteAsync(Path.Combine(folder, DocumentName), json, cancellationToken);
    }

    /// <summary>Takes a verified file of this service's folder as the package of a generation.</summary>
    public void Adopt(string temporary, string service, string generation)
    {
        using (var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.Read)) file.Flush(flushToDisk: true);
        DurableFile.MoveIntoPlace(temporary, PackagePath(service, generation));
    }

    public void DeletePackage(string service, string generation) => DurableFile.Delete(PackagePath(service, generation));

    /// <summary>The service is gone once this has renamed its document; what cannot be removed then is removed at the next start.</summary>
    public void DeleteService(string service)
    {
        var folder = Path.Combine(Root, service);
        DurableFile.MoveIntoPlace(Path.Combine(folder, DocumentName), Path.Combine(folder, DeletedName));
        Deleted?.Invoke(service);
        Directory.Delete(folder, recursive: true);
    }
}
