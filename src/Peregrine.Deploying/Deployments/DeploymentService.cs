using Microsoft.EntityFrameworkCore;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Store.Entities;
using Peregrine.Deploying.Updates;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Futures;

namespace Peregrine.Deploying.Deployments;

/// <summary>Services on infrastructures: what is wanted, what is, and how the one becomes the other.</summary>
public sealed class DeploymentService : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1); // the id on the nodes is unique on an infrastructure
    private readonly IDbContextFactory<DeployerDbContext> _contexts;
    private readonly DeploymentPlans _plans;
    private readonly DeploymentInspector _inspector;
    private readonly DeploymentUpdater _updater;
    private readonly DeploymentRemover _remover;
    private readonly UpdateJournal _journal;
    private readonly DeployerEvents _events;
    private readonly TimeProvider _time;

    internal DeploymentService(
        IDbContextFactory<DeployerDbContext> contexts, DeploymentPlans plans, DeploymentInspector inspector, DeploymentUpdater updater,
        DeploymentRemover remover, UpdateJournal journal, DeployerEvents events, TimeProvider time)
    {
        _contexts = contexts;
        _plans = plans;
        _inspector = inspector;
        _updater = updater;
        _remover = remover;
        _journal = journal;
        _events = events;
        _time = time;
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>By id.</summary>
    public async Task<IReadOnlyList<DeploymentLightStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Deployments.AsNoTracking().Include(row => row.Infra).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(LightStatusOf)];
    }

    public async Task<DeploymentLightStatus> GetLightStatusAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return LightStatusOf(await FindAsync(db, id, cancellationToken));
    }

    /// <summary>Asks every node now.</summary>
    public Task<DeploymentHeavyStatus> GetHeavyStatusAsync(string id, CancellationToken cancellationToken) =>
        _inspector.InspectAsync(id, cancellationToken);

    /// <summary>Creates a deployment without starting it.</summary>
    /// <param name="requester">Name of the key or user who asks.</param>
    public async Task<DeploymentLightStatus> CreateAsync(
        CreateDeploymentRequest request, bool ignoreWarnings, string? requester, CancellationToken cancellationToken)
    {
        Ids.Check(request.DeploymentId, "deploymentId");
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var infra = await db.Infras.SingleOrDefaultAsync(row => row.Id == request.InfraId, cancellationToken) ?? throw Refusals.NoInfra(request.InfraId);
        if (!await db.Services.AnyAsync(row => row.Id == request.PublishedServiceId, cancellationToken))
            throw Refusals.NoService(request.PublishedServiceId);
        var settings = SettingsOf(request);
        using var turn = await EnterAsync(cancellationToken);
        if (await db.Deployments.AnyAsync(row => row.Id == settings.Id, cancellationToken)) throw Taken(settings.Id).AsException();
        await CheckAsync(db, settings, cancellationToken);
        GovernanceRules.Check(infra.Settings, ignoreWarnings);
        var deployment = new DeploymentEntity
        {
            Id = settings.Id, ServiceId = settings.PublishedServiceId, InfraId = infra.Id, Infra = infra, Settings = settings,
            CreatedOn = _time.GetUtcNow().ToUnixTimeMilliseconds(), CreatedBy = requester,
        };
        db.Deployments.Add(deployment);
        await db.SaveOrRefuseAsync($"Deployment '{settings.Id}'", () => Taken(settings.Id), cancellationToken);
        _events.Raise(DeployerChangeKind.Deployment, settings.Id);
        return LightStatusOf(deployment);
    }

    public async Task<Revised<DeploymentSettings>> GetSettingsAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var deployment = await FindAsync(db, id, cancellationToken);
        return new Revised<DeploymentSettings>(deployment.Settings, deployment.Revision);
    }

    /// <summary>Stores what is wanted; nodes follow with the next update.</summary>
    /// <param name="basedOn">Revision that the caller read; null overwrites whatever is there.</param>
    public async Task SaveSettingsAsync(
        string id, DeploymentSettings settings, bool ignoreWarnings, int? basedOn, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var deployment = await FindAsync(db, id, cancellationToken);
        DeploymentSettingsRules.CheckSameDeployment(settings, deployment.Settings);
        using var turn = await EnterAsync(cancellationToken);
        await CheckAsync(db, settings, cancellationToken);
        if (settings.Enabled && !SettingsText.Same(settings, deployment.Settings))
            GovernanceRules.Check(deployment.Infra!.Settings, ignoreWarnings);
        deployment.Settings = settings;
        db.BaseOn(deployment, basedOn);
        await db.SaveOrRefuseAsync($"Deployment '{id}'", () => Taken(id), cancellationToken);
        _events.Raise(DeployerChangeKind.Deployment, id);
    }

    /// <summary>Brings the settings to the nodes. A failed update is a result of the future, not a fault of it.</summary>
    public Task<Future> StartUpdateAsync(string id, string? requester, CancellationToken cancellationToken) =>
        _updater.StartAsync(new UpdateRequest(id, UpdateType.Update, requester), cancellationToken);

    /// <summary>Goes back to the generations that the nodes had before, and starts the update that brings them.</summary>
    public async Task<Future> StartRollbackAsync(string id, string? requester, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(id, cancellationToken);
        var former = await FindFormerAsync(plan, cancellationToken);
        await SaveSettingsAsync(id, Back(plan.Settings, former), ignoreWarnings: true, null, cancellationToken);
        return await _updater.StartAsync(new UpdateRequest(id, UpdateType.Rollback, requester), cancellationToken);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<DeploymentUpdate>> ListUpdatesAsync(string id, CancellationToken cancellationToken)
    {
        await RequireAsync(id, cancellationToken);
        return await _journal.ListAsync(id, cancellationToken);
    }

    /// <param name="startTimestamp">Milliseconds since 1970 UTC; null asks for the last update that somebody asked for.</param>
    public async Task<DeploymentUpdate> GetUpdateAsync(string id, long? startTimestamp, CancellationToken cancellationToken)
    {
        await RequireAsync(id, cancellationToken);
        return await _journal.FindAsync(id, startTimestamp, cancellationToken) ?? throw ApiError.NotFound(
            startTimestamp is null ? $"Deployment '{id}' was never updated." : $"Deployment '{id}' has no update that started at {startTimestamp}.",
            errorType: "UpdateNotFound").AsException();
    }

    /// <param name="version">The version it is about; null for what the settings want.</param>
    public async Task<InfoMessages> GetGovernanceStatusAsync(string id, string? version, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(id, cancellationToken);
        if (version is not null && !plan.Digests.ContainsKey(version)) throw Refusals.NoVersion(plan.Settings.PublishedServiceId, version);
        return GovernanceRules.StatusOf(plan.Infra);
    }

    /// <summary>Takes the service off the nodes and forgets the deployment. Refused while it is enabled.</summary>
    /// <param name="ignorePreDeleteErrors">Forget it also when a node cannot be cleaned.</param>
    public Task DeleteAsync(string id, bool ignorePreDeleteErrors, CancellationToken cancellationToken) =>
        _remover.DeleteAsync(id, ignorePreDeleteErrors, cancellationToken);

    private async Task<GenerationsMapping> FindFormerAsync(DeploymentPlan plan, CancellationToken cancellationToken)
    {
        var brought = await _journal.ListBroughtAsync(plan.DeploymentId, cancellationToken);
        var candidates = plan.Target is null ? brought : [plan.Target, .. brought.Where(settings => !SameMapping(settings, plan.Target))];
        return candidates.FirstOrDefault(settings => !SameMapping(settings, plan.Settings) && StillPublished(plan, settings))?.GenerationsMapping
               ?? throw ApiError.Conflict(
                   $"Deployment '{plan.DeploymentId}' has nothing to go back to.",
                   $"Deployment '{plan.DeploymentId}' has nothing to go back to: no earlier successful update brought other generations that are still published.",
                   "NothingToRollBackTo").AsException();
    }

    /// <summary>Other generations answer; shadows that stand beside the mapping stay as they are.</summary>
    private static DeploymentSettings Back(DeploymentSettings settings, GenerationsMapping former) => settings with
    {
        GenerationsMapping = settings.Shadows is null ? former : former with { Shadows = null }, Enabled = true,
    };

    private static bool SameMapping(DeploymentSettings left, DeploymentSettings right) =>
        left.GenerationsMapping.Strategy == right.GenerationsMapping.Strategy
        && left.GenerationsMapping.Shares.SequenceEqual(right.GenerationsMapping.Shares);

    private static bool StillPublished(DeploymentPlan plan, DeploymentSettings settings) =>
        settings.GenerationsMapping.Shares.All(share => plan.Digests.ContainsKey(share.Generation));

    private static async Task CheckAsync(DeployerDbContext db, DeploymentSettings settings, CancellationToken cancellationToken)
    {
        if (settings.DeployedServiceId is { Length: > 0 } deployed) Ids.Check(deployed, "deployedServiceId");
        var versions = await db.Versions.AsNoTracking().Where(version => version.ServiceId == settings.PublishedServiceId).Select(version => version.Version)
            .ToListAsync(cancellationToken);
        DeploymentSettingsRules.Check(settings, versions);
        var neighbours = await db.Deployments.AsNoTracking().Where(row => row.InfraId == settings.InfraId && row.Id != settings.Id).ToListAsync(cancellationToken);
        var rival = neighbours.Find(row => row.Settings.ServiceIdOnNodes == settings.ServiceIdOnNodes || row.Target?.ServiceIdOnNodes == settings.ServiceIdOnNodes);
        if (rival is not null)
            throw ApiError.Conflict(
                $"Deployment '{rival.Id}' has service id '{settings.ServiceIdOnNodes}' on infrastructure '{settings.InfraId}' already.",
                $"Deployment '{rival.Id}' has service id '{settings.ServiceIdOnNodes}' on infrastructure '{settings.InfraId}' already. "
                + "Update that deployment, or give this one another deployedServiceId.", "ServiceIdTaken").AsException();
    }

    private static DeploymentSettings SettingsOf(CreateDeploymentRequest request) => new()
    {
        Id = request.DeploymentId, InfraId = request.InfraId, PublishedServiceId = request.PublishedServiceId, Enabled = true,
        GenerationsMapping = GenerationsMapping.Single(request.Version), EndpointId = request.EndpointId,
        DeployedServiceId = string.IsNullOrEmpty(request.DeployedServiceId) ? null : request.DeployedServiceId,
        AuthorizationsToQueryThroughDeployer = request.AuthorizationsToQueryThroughDeployer,
    };

    private static async Task<DeploymentEntity> FindAsync(DeployerDbContext db, string id, CancellationToken cancellationToken) =>
        await db.Deployments.Include(row => row.Infra).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusals.NoDeployment(id);

    private async Task RequireAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Deployments.AnyAsync(row => row.Id == id, cancellationToken)) throw Refusals.NoDeployment(id);
    }

    private async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        return new Turn(_writing);
    }

    private static DeploymentLightStatus LightStatusOf(DeploymentEntity row) => new()
    {
        DeploymentBasicInfo = row.BasicInfo(), InfraBasicInfo = row.Infra!.BasicInfo(),
    };

    private static ApiError Taken(string id) => ApiError.Conflict($"There is a deployment '{id}' already.", errorType: "DeploymentExists");

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
