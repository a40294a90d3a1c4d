using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Infrastructures;

/// <summary>Where services are deployed. Keys of nodes go in and never come out.</summary>
public sealed class InfrastructureService
{
    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly NodeKeyProtector _keys;
    private readonly DeployerEvents _events;

    internal InfrastructureService(IDbContextFactory<DeployerDbContext> contexts, NodeKeyProtector keys, DeployerEvents events)
    {
        _contexts = contexts;
        _keys = keys;
        _events = events;
    }

    /// <summary>By id.</summary>
    public async Task<IReadOnlyList<InfraStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infras = await db.Infras.AsNoTracking().Include(infra => infra.Deployments).OrderBy(infra => infra.Id).ToListAsync(cancellationToken);
        return [.. infras.Select(StatusOf)];
    }

    public async Task<InfraStatus> GetStatusAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infra = await db.Infras.AsNoTracking().Include(infra => infra.Deployments).SingleOrDefaultAsync(infra => infra.Id == id, cancellationToken)
                    ?? throw Refusals.NoInfra(id);
        return StatusOf(infra);
    }

    public async Task<InfraStatus> CreateAsync(CreateInfraRequest request, CancellationToken cancellationToken)
    {
        Ids.Check(request.Id, "id");
        InfraSettingsRules.CheckType(request.Type);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await CheckStageAsync(db, request.Stage, cancellationToken);
        if (await db.Infras.AnyAsync(infra => infra.Id == request.Id, cancellationToken)) throw Taken(request.Id).AsException();
        var settings = new InfraSettings
        {
            Id = request.Id, Stage = request.Stage, Type = request.Type, GovernCheckPolicy = request.GovernCheckPolicy,
        };
        var infra = new InfraEntity { Id = request.Id, StageId = request.Stage, Settings = settings };
        db.Infras.Add(infra);
        await db.SaveOrRefuseAsync($"Infrastructure '{request.Id}'", () => Taken(request.Id), cancellationToken);
        _events.Raise(DeployerChangeKind.Infrastructure, request.Id);
        return StatusOf(infra);
    }

    /// <summary>Keys are masked.</summary>
    public async Task<Revised<InfraSettings>> GetSettingsAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infra = await FindAsync(db, id, cancellationToken);
        return new Revised<InfraSettings>(NodeKeyProtector.Mask(infra.Settings), infra.Revision);
    }

    /// <summary>A masked key keeps the stored one of the node with the same address. Nodes follow with the next reconciliation.</summary>
    /// <param name="basedOn">Revision that the caller read; null overwrites whatever is there.</param>
    public async Task SaveSettingsAsync(string id, InfraSettings settings, int? basedOn, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infra = await FindAsync(db, id, cancellationToken);
        var wanted = InfraSettingsRules.Normalise(settings);
        InfraSettingsRules.Check(wanted, infra.Settings);
        await CheckStageAsync(db, wanted.Stage, cancellationToken);
        infra.Settings = wanted with { ApiNodes = ProtectKeys(wanted.ApiNodes, infra.Settings) };
        infra.StageId = wanted.Stage;
        db.BaseOn(infra, basedOn);
        await db.SaveOrRefuseAsync($"Infrastructure '{id}'", () => ApiError.Conflict($"Stage '{wanted.Stage}' was removed meanwhile."), cancellationToken);
        _events.Raise(DeployerChangeKind.Infrastructure, id);
    }

    /// <summary>Refused while a deployment uses it.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infra = await FindAsync(db, id, cancellationToken);
        var users = await db.Deployments.Where(deployment => deployment.InfraId == id).Select(deployment => deployment.Id).Order().ToListAsync(cancellationToken);
        if (users.Count > 0) throw InUse(id, users).AsException();
        db.Infras.Remove(infra);
        await db.SaveOrRefuseAsync($"Infrastructure '{id}'", () => InUse(id, ["a new deployment"]), cancellationToken);
        _events.Raise(DeployerChangeKind.Infrastructure, id);
    }

    private IReadOnlyList<ApiNodeSettings> ProtectKeys(IReadOnlyList<ApiNodeSettings> nodes, InfraSettings stored)
    {
        var known = stored.ApiNodes.ToDictionary(node => node.Url, node => node.AdminApiKey, StringComparer.OrdinalIgnoreCase);
        return [.. nodes.Select((node, index) => node with { AdminApiKey = KeyToStore(node, index, known) })];
    }

    private string? KeyToStore(ApiNodeSettings node, int index, Dictionary<string, string?> known)
    {
        if (string.IsNullOrEmpty(node.AdminApiKey)) return null;
        if (node.AdminApiKey != ApiNodeSettings.MaskedKey) return _keys.Protect(node.AdminApiKey);
        if (known.TryGetValue(node.Url, out var key)) return key;
        throw Refusals.Invalid("The settings of the infrastructure",
            [new ApiErrorItem($"/apiNodes/{index}/adminAPIKey", "KeyNeeded", $"Node {node.Url} is new here: give its key, not the mask.")]);
    }

    private static async Task CheckStageAsync(DeployerDbContext db, string stage, CancellationToken cancellationToken)
    {
        var stages = await db.Stages.OrderBy(row => row.Position).Select(row => row.Id).ToListAsync(cancellationToken);
        if (!stages.Contains(stage, StringComparer.Ordinal))
            throw Refusals.Invalid("The infrastructure",
                [new ApiErrorItem("/stage", "UnknownStage", $"There is no stage '{stage}'. Use one of: {string.Join(", ", stages)}.")]);
    }

    private static async Task<InfraEntity> FindAsync(DeployerDbContext db, string id, CancellationToken cancellationToken) =>
        await db.Infras.SingleOrDefaultAsync(infra => infra.Id == id, cancellationToken) ?? throw Refusals.NoInfra(id);

    private static InfraStatus StatusOf(InfraEntity infra) => new()
    {
        InfraBasicInfo = infra.BasicInfo(),
        ApiNodes = [.. infra.Settings.ApiNodes.Select(node => new ApiNodeAddress(node.Url))],
        Deployments = [.. infra.Deployments.OrderBy(deployment => deployment.Id, StringComparer.Ordinal).Select(deployment => deployment.BasicInfo())],
    };

    private static ApiError Taken(string id) => ApiError.Conflict($"There is an infrastructure '{id}' already.", errorType: "InfrastructureExists");

    private static ApiError InUse(string id, IReadOnlyList<string> users) => ApiError.Conflict(
        $"Infrastructure '{id}' is in use.",
        $"Infrastructure '{id}' is in use by {string.Join(", ", users)}. Delete the deployments first.", "InfrastructureInUse");
}
