using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Json;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Blobs;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;

namespace Peregrine.Designing.ApiServices;

/// <summary>Versions (packages) of API services: made, verified, kept as blobs, published to the Deployer.</summary>
public sealed class ServicePackages
{
    private readonly IDbContextFactory<DesignDbContext> _contexts;
    private readonly ApiServiceDesigner _designer;
    private readonly LookupRows _rows;
    private readonly DeployerPublisher _deployer;
    private readonly BlobStore _blobs;
    private readonly DesigningOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ServicePackages> _logger;

    internal ServicePackages(
        IDbContextFactory<DesignDbContext> contexts, ApiServiceDesigner designer, LookupRows rows, DeployerPublisher deployer, BlobStore blobs,
        IOptions<DesigningOptions> options, TimeProvider time, ILogger<ServicePackages> logger)
    {
        _contexts = contexts;
        _designer = designer;
        _rows = rows;
        _deployer = deployer;
        _blobs = blobs;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<PackageSummary>> ListAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        await _designer.GetAsync(projectKey, serviceId, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.ServicePackages.AsNoTracking().Where(row => row.ProjectKey == projectKey && row.ServiceId == serviceId)
            .OrderByDescending(row => row.CreatedOn).ThenByDescending(row => row.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(Summary)];
    }

    public async Task<PackageSummary> GetAsync(string projectKey, string serviceId, string packageId, CancellationToken cancellationToken) =>
        Summary(await FindAsync(projectKey, serviceId, packageId, cancellationToken));

    /// <summary>
    /// Makes a version of the service as it stands: models of the active versions, key hashes, test queries, golden records. It is
    /// verified the way a node does before it is kept; an id is used once.
    /// </summary>
    public async Task<PackageSummary> CreateAsync(
        string projectKey, string serviceId, string packageId, string? releaseNotes, string actor, CancellationToken cancellationToken)
    {
        Names.PackageId(packageId);
        var settings = await _designer.StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireNewAsync(db, projectKey, serviceId, packageId, cancellationToken);
        var (content, endpoints) = await GatherAsync(projectKey, serviceId, packageId, releaseNotes, settings, cancellationToken);
        var blob = await WriteAsync(content, cancellationToken);
        var row = new ServicePackageRow
        {
            ProjectKey = projectKey,
            ServiceId = serviceId,
            Id = packageId,
            Digest = blob.Digest,
            Size = blob.Length,
            CreatedOn = content.CreatedOn,
            CreatedBy = actor,
            ReleaseNotes = releaseNotes,
            SummaryJson = JsonSerializer.Serialize(endpoints, PackageSummaryJson.Default.ListPackagedEndpoint),
        };
        db.ServicePackages.Add(row);
        await db.SaveNewAsync(
            existing => existing.ServicePackages.AnyAsync(
                other => other.ProjectKey == projectKey && other.ServiceId == serviceId && other.Id == packageId, cancellationToken),
            Taken(serviceId, packageId), cancellationToken);
        PackageLog.Created(_logger, projectKey, serviceId, packageId, blob.Digest, blob.Length);
        return Summary(row);
    }

    /// <summary>The archive, checked against its digest: a seekable stream that the caller disposes.</summary>
    public async Task<Stream> OpenArchiveAsync(string projectKey, string serviceId, string packageId, CancellationToken cancellationToken)
    {
        var row = await FindAsync(projectKey, serviceId, packageId, cancellationToken);
        return await _blobs.OpenAsync(row.Digest, $"The archive of version '{packageId}'", cancellationToken);
    }

    /// <summary>Deletes the version here; what was published of it stays on the Deployer.</summary>
    public async Task DeleteAsync(string projectKey, string serviceId, string packageId, CancellationToken cancellationToken)
    {
        await FindAsync(projectKey, serviceId, packageId, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.ServicePackages.Where(row => row.ProjectKey == projectKey && row.ServiceId == serviceId && row.Id == packageId)
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Pushes the archive to the API Deployer, where the service is made when it is absent.</summary>
    /// <param name="publishedServiceId">Its id there; null takes the id it has here.</param>
    public async Task<PackageSummary> PublishAsync(
        string projectKey, string serviceId, string packageId, string? publishedServiceId, CancellationToken cancellationToken)
    {
        var published = string.IsNullOrEmpty(publishedServiceId) ? serviceId : Names.ServiceId(publishedServiceId);
        var archive = await OpenArchiveAsync(projectKey, serviceId, packageId, cancellationToken);
        await using (archive)
            await _deployer.PublishAsync(published, packageId, archive, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.ServicePackages.SingleAsync(
            package => package.ProjectKey == projectKey && package.ServiceId == serviceId && package.Id == packageId, cancellationToken);
        row.PublishedOn = _time.GetUtcNow();
        row.PublishedServiceId = published;
        await db.SaveChangedAsync($"version '{packageId}'", cancellationToken);
        PackageLog.Published(_logger, projectKey, serviceId, packageId, published);
        return Summary(row);
    }

    private async Task<(PackageContent Content, List<PackagedEndpoint> Endpoints)> GatherAsync(
        string projectKey, string serviceId, string packageId, string? releaseNotes, JsonObject settings, CancellationToken cancellationToken)
    {
        var sources = new List<EndpointSource>();
        var endpoints = new List<PackagedEndpoint>();
        foreach (var endpoint in ServiceSettings.Endpoints(settings).OfType<JsonObject>())
        {
            if (LookupEndpointSettings.IsLookup(endpoint))
            {
                var rows = await _rows.ReadAsync(projectKey, endpoint, cancellationToken);
                sources.Add(rows);
                endpoints.Add(new PackagedEndpoint
                {
                    Id = rows.Id, Type = rows.Kind, Dataset = rows.Settings.Dataset, Rows = rows.Keys[0].Rows, TestQueries = rows.TestQueries.Count,
                });
                continue;
            }

            var model = await _designer.ModelAsync(projectKey, serviceId, endpoint, cancellationToken);
            var queries = (JsonArray)ServiceSettings.TestQueries(endpoint).DeepClone();
            var golden = await Task.Run(() => GoldenRecords.Answer(CompiledModel.Compile(model.Artifact), model.Golden), cancellationToken);
            var id = endpoint.String("id")!;
            var prediction = ServiceSettings.Prediction(endpoint, model.Reference);
            var source = model.Artifact.Spec.Prediction == PredictionKind.Clustering
                ? new ClusteringEndpointSource { Id = id, Settings = prediction, Model = model.Artifact, Golden = golden, TestQueries = queries }
                : new PredictionEndpointSource { Id = id, Settings = prediction, Model = model.Artifact, Golden = golden, TestQueries = queries };
            sources.Add(source);
            endpoints.Add(new PackagedEndpoint
            {
                Id = id,
                Type = source.Kind,
                SavedModel = model.Reference,
                SavedModelVersion = model.VersionId,
                ModelDigest = model.ArtifactDigest,
                GoldenRecords = golden.Count,
                TestQueries = queries.Count,
            });
        }

        if (sources.Count == 0) throw Refusal.Conflict($"API service '{serviceId}' has no endpoint. Add one, then make a version.");
        var content = new PackageContent
        {
            ServiceId = serviceId,
            VersionId = packageId,
            CreatedOn = _time.GetUtcNow(),
            ReleaseNotes = releaseNotes,
            Authorization = ServiceSettings.Authorization(settings),
            Endpoints = sources,
        };
        return (content, endpoints);
    }

    private async Task<Blob> WriteAsync(PackageContent content, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_options.DataDirectory, "uploads")).FullName;
        var path = Path.Combine(folder, $"package.{Guid.NewGuid():N}.tmp");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 128 << 10, FileOptions.DeleteOnClose);
        await using (file)
        {
            try
            {
                await Task.Run(() => WriteAndVerify(content, file, cancellationToken), cancellationToken);
            }
            catch (PackageException fault)
            {
                throw ApiError.Unprocessable($"The package cannot be made. {fault.Message}", errorType: fault.Fault.Code.ToString()).AsException(fault);
            }

            file.Position = 0;
            return await _blobs.PutAsync(file, cancellationToken);
        }
    }

    private static void WriteAndVerify(PackageContent content, FileStream file, CancellationToken cancellationToken)
    {
        new PackageWriter(EndpointKinds.All).Write(content, file);
        file.Position = 0;
        using var shared = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Flush();
        using var reader = PackageReader.Open(shared);
        new PackageVerifier(EndpointKinds.All).Verify(reader, cancellationToken).EnsureFaithful();
    }

    private async Task<ServicePackageRow> FindAsync(string projectKey, string serviceId, string packageId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.ServicePackages.AsNoTracking().SingleOrDefaultAsync(
            row => row.ProjectKey == projectKey && row.ServiceId == serviceId && row.Id == packageId, cancellationToken)
            ?? throw Refusal.NotFound($"There is no version '{packageId}' of API service '{serviceId}' in project '{projectKey}'.");
    }

    private static async Task RequireNewAsync(
        DesignDbContext db, string projectKey, string serviceId, string packageId, CancellationToken cancellationToken)
    {
        if (await db.ServicePackages.AnyAsync(
                row => row.ProjectKey == projectKey && row.ServiceId == serviceId && row.Id == packageId, cancellationToken))
            throw Refusal.Conflict(Taken(serviceId, packageId));
    }

    private static string Taken(string serviceId, string packageId) =>
        $"API service '{serviceId}' has a version '{packageId}' already. Versions do not change: make one with another id.";

    private static PackageSummary Summary(ServicePackageRow row) => new()
    {
        Id = row.Id,
        Digest = row.Digest,
        Size = row.Size,
        CreatedOn = row.CreatedOn,
        CreatedBy = row.CreatedBy,
        ReleaseNotes = row.ReleaseNotes,
        PublishedOn = row.PublishedOn,
        PublishedServiceId = row.PublishedServiceId,
        Endpoints = JsonSerializer.Deserialize(row.SummaryJson, PackageSummaryJson.Default.ListPackagedEndpoint)!,
    };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<PackagedEndpoint>))]
internal sealed partial class PackageSummaryJson : JsonSerializerContext;
