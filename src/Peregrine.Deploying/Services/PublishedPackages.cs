using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Store;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.OpenApi;

namespace Peregrine.Deploying.Services;

/// <summary>Looks into the archives of published versions.</summary>
internal sealed class PublishedPackages(IDbContextFactory<DeployerDbContext> contexts, PackageArchives archives)
{
    private const string TestQueries = "test-queries.json";

    public async Task<PublishedVersion> GetAsync(string serviceId, string versionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Versions.AsNoTracking().Where(version => version.ServiceId == serviceId && version.Id == versionId)
            .Select(version => version.Version).SingleOrDefaultAsync(cancellationToken) ?? throw Refusals.NoVersion(serviceId, versionId);
    }

    /// <summary>Stored test queries of an endpoint as <c>[{"q":{…}}]</c>; empty when there are none.</summary>
    public async Task<JsonArray> ReadTestQueriesAsync(PublishedVersion version, string endpointId, CancellationToken cancellationToken)
    {
        using var package = await OpenAsync(version, cancellationToken);
        var entry = PackageEntries.FolderOf(endpointId) + TestQueries;
        return package.Contains(entry) ? JsonNode.Parse(package.Read(entry)) as JsonArray ?? [] : [];
    }

    /// <summary>The OpenAPI document of a version as a node serves it.</summary>
    public async Task<JsonObject> DescribeAsync(PublishedVersion version, string serviceIdOnNode, string nodeUrl, CancellationToken cancellationToken)
    {
        using var package = await OpenAsync(version, cancellationToken);
        var endpoints = package.Manifest.Endpoints.Select(endpoint => EndpointKinds.All.Get(endpoint.Kind, endpoint.Id).Load(endpoint, package));
        return OpenApiDocument.Build(package.Manifest with { ServiceId = serviceIdOnNode }, endpoints, nodeUrl);
    }

    private async Task<PackageReader> OpenAsync(PublishedVersion version, CancellationToken cancellationToken) =>
        PackageReader.Open(await archives.OpenAsync(version.Digest, cancellationToken));
}
