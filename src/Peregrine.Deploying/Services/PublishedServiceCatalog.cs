using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Manifests;

namespace Peregrine.Deploying.Services;

/// <summary>The registry of services and of their immutable versions.</summary>
public sealed class PublishedServiceCatalog
{
    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly PackageArchives _archives;
    private readonly DeployerEvents _events;
    private readonly TimeProvider _time;
    private readonly PackageLimits _limits;

    internal PublishedServiceCatalog(
        IDbContextFactory<DeployerDbContext> contexts, PackageArchives archives, DeployerEvents events, TimeProvider time, IOptions<DeployingOptions> options)
    {
        _contexts = contexts;
        _archives = archives;
        _events = events;
        _time = time;
        _limits = PackageLimits.Default with { MaxArchiveBytes = options.Value.MaxPackageBytes };
    }

    /// <summary>By id.</summary>
    public async Task<IReadOnlyList<ServiceStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var services = await WithAll(db).OrderBy(service => service.Id).ToListAsync(cancellationToken);
        return [.. services.Select(StatusOf)];
    }

    public async Task<ServiceStatus> GetStatusAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return StatusOf(await WithAll(db).SingleOrDefaultAsync(service => service.Id == id, cancellationToken) ?? throw Refusals.NoService(id));
    }

    /// <param name="requester">Name of the key or user who asks.</param>
    public async Task<ServiceStatus> CreateAsync(string id, string? requester, CancellationToken cancellationToken)
    {
        Ids.Check(id, "publishedServiceId");
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Services.AnyAsync(row => row.Id == id, cancellationToken)) throw Taken(id).AsException();
        var service = new ServiceEntity
        {
            Id = id, Settings = new ServiceSettings { Id = id }, CreatedOn = _time.GetUtcNow().ToUnixTimeMilliseconds(), CreatedBy = requester,
        };
        db.Services.Add(service);
        await db.SaveOrRefuseAsync($"Service '{id}'", () => Taken(id), cancellationToken);
        _events.Raise(DeployerChangeKind.Service, id);
        return StatusOf(service);
    }

    public async Task<Revised<ServiceSettings>> GetSettingsAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var service = await FindAsync(db, id, cancellationToken);
        return new Revised<ServiceSettings>(service.Settings, service.Revision);
    }

    /// <param name="basedOn">Revision that the caller read; null overwrites whatever is there.</param>
    public async Task SaveSettingsAsync(string id, ServiceSettings settings, int? basedOn, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var service = await FindAsync(db, id, cancellationToken);
        if (settings.Id != id)
            throw Refusals.Invalid($"The settings of service '{id}'", [new ApiErrorItem("/id", "Immutable", $"The id is '{id}' and cannot change.")]);
        service.Settings = settings;
        db.BaseOn(service, basedOn);
        await db.SaveOrRefuseAsync($"Service '{id}'", () => Taken(id), cancellationToken);
        _events.Raise(DeployerChangeKind.Service, id);
    }

    /// <summary>Takes an archive. Its version id comes from inside it; the same content again changes nothing, other content under the same id is refused.</summary>
    /// <param name="archive">Seekable, at its start.</param>
    public async Task<PublishedVersion> ImportVersionAsync(string serviceId, Stream archive, string? requester, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, serviceId, cancellationToken);
        var length = archive.Length;
        var (digest, manifest) = ReadManifest(archive);
        if (await db.Versions.FindAsync([serviceId, manifest.VersionId], cancellationToken) is { } there)
            return there.Digest == digest ? there.Version : throw OtherContent(serviceId, manifest.VersionId).AsException();
        archive.Position = 0;
        await _archives.StoreAsync(archive, cancellationToken);
        var version = VersionOf(manifest, digest, length, requester);
        db.Versions.Add(new VersionEntity { ServiceId = serviceId, Id = version.Id, Version = version, Digest = digest, PublishedOn = version.PublishedOn });
        await db.SaveOrRefuseAsync($"Service '{serviceId}'", () => OtherContent(serviceId, version.Id), cancellationToken);
        _events.Raise(DeployerChangeKind.Service, serviceId);
        return version;
    }

    public async Task<VersionArchive> OpenVersionAsync(string serviceId, string versionId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, serviceId, cancellationToken);
        var version = await db.Versions.FindAsync([serviceId, versionId], cancellationToken) ?? throw Refusals.NoVersion(serviceId, versionId);
        var content = await _archives.OpenAsync(version.Digest, cancellationToken);
        return new VersionArchive($"{serviceId}-{versionId}.zip", version.Digest, content.Length, content);
    }

    /// <summary>Refused while a deployment wants the version or its nodes are held to it.</summary>
    public async Task DeleteVersionAsync(string serviceId, string versionId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, serviceId, cancellationToken);
        var version = await db.Versions.FindAsync([serviceId, versionId], cancellationToken) ?? throw Refusals.NoVersion(serviceId, versionId);
        var deployments = await db.Deployments.AsNoTracking().Where(row => row.ServiceId == serviceId).ToListAsync(cancellationToken);
        var users = deployments.Where(row => Uses(row.Settings, versionId) || Uses(row.Target, versionId)).Select(row => row.Id).ToList();
        if (users.Count > 0)
            throw ApiError.Conflict(
                $"Version '{versionId}' of service '{serviceId}' is deployed.",
                $"Version '{versionId}' of service '{serviceId}' is deployed by {string.Join(", ", users)}. Bring another version there first.", "VersionInUse").AsException();
        db.Versions.Remove(version);
        await db.SaveOrRefuseAsync($"Service '{serviceId}'", () => Taken(serviceId), cancellationToken);
        _events.Raise(DeployerChangeKind.Service, serviceId);
    }

    /// <summary>Removes the service with its versions. Refused while a deployment uses it.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var service = await FindAsync(db, id, cancellationToken);
        var users = await db.Deployments.Where(row => row.ServiceId == id).Select(row => row.Id).Order().ToListAsync(cancellationToken);
        if (users.Count > 0) throw InUse(id, users).AsException();
        db.Services.Remove(service);
        await db.SaveOrRefuseAsync($"Service '{id}'", () => InUse(id, ["a new deployment"]), cancellationToken);
        _events.Raise(DeployerChangeKind.Service, id);
    }

    private (string Digest, ServicePackageManifest Manifest) ReadManifest(Stream archive)
    {
        try
        {
            using var package = PackageReader.Open(new UndisposedStream(archive), _limits);
            return (package.Digest, package.Manifest);
        }
        catch (PackageException refused)
        {
            throw (refused.Fault.Code == PackageFaultCode.TooLarge
                ? ApiError.PayloadTooLarge("The package is too large.", refused.Message)
                : ApiError.BadRequest("The file is not a package that can be imported.", $"The file is not a package that can be imported. {refused.Message}", "BadPackage"))
                .AsException(refused);
        }
    }

    private PublishedVersion VersionOf(ServicePackageManifest manifest, string digest, long size, string? requester) => new()
    {
        Id = manifest.VersionId,
        CreatedOn = manifest.CreatedOn.ToUnixTimeMilliseconds(),
        PublishedOn = _time.GetUtcNow().ToUnixTimeMilliseconds(),
        PublishedBy = requester,
        ReleaseNotes = manifest.ReleaseNotes,
        Digest = digest,
        Size = size,
        Endpoints = [.. manifest.Endpoints.Select(endpoint => new PublishedEndpoint(endpoint.Id, endpoint.Kind))],
    };

    /// <summary>As one that answers or as a shadow.</summary>
    private static bool Uses(DeploymentSettings? settings, string versionId) => settings is not null
        && (settings.GenerationsMapping.Shares.Any(share => share.Generation == versionId) || (settings.WantedShadows ?? []).Any(shadow => shadow.Generation == versionId));

    private static IQueryable<ServiceEntity> WithAll(DeployerDbContext db) =>
        db.Services.AsNoTracking().Include(service => service.Versions).Include(service => service.Deployments).AsSplitQuery();

    private static async Task<ServiceEntity> FindAsync(DeployerDbContext db, string id, CancellationToken cancellationToken) =>
        await db.Services.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusals.NoService(id);

    private static ServiceStatus StatusOf(ServiceEntity service) => new()
    {
        ServiceBasicInfo = service.BasicInfo(),
        Packages = [.. service.Versions.OrderByDescending(version => version.PublishedOn).ThenByDescending(version => version.Id, StringComparer.Ordinal).Select(version => version.Version)],
        Deployments = [.. service.Deployments.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => row.BasicInfo())],
    };

    private static ApiError Taken(string id) => ApiError.Conflict($"There is a published service '{id}' already.", errorType: "ServiceExists");

    private static ApiError OtherContent(string serviceId, string versionId) => ApiError.Conflict(
        $"Service '{serviceId}' has another version '{versionId}' already.",
        $"Service '{serviceId}' has a version '{versionId}' with other content already. Versions never change: package this content under a new version id.",
        "VersionExists");

    private static ApiError InUse(string id, IReadOnlyList<string> users) => ApiError.Conflict(
        $"Service '{id}' is deployed.", $"Service '{id}' is deployed by {string.Join(", ", users)}. Delete the deployments first.", "ServiceInUse");
}
