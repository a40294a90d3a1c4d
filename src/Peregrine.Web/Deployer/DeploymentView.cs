using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Board;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Services;
using Peregrine.Deploying.Store;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed class DeploymentView(Engines engines) : ViewModel<DeploymentState>(engines)
{
    public string Id { get; set; } = "";

    /// <summary>Wants other versions or shares, and starts bringing them to the nodes.</summary>
    public Task<Fault?> ChangeTrafficAsync(GenerationsMapping mapping, string actor, CancellationToken cancellationToken) =>
        SaveAndUpdateAsync(settings => settings.WithShadows(settings.WantedShadows) with { GenerationsMapping = mapping, Enabled = true }, actor, cancellationToken);

    public Task<Fault?> EnableAsync(bool enabled, string actor, CancellationToken cancellationToken) =>
        SaveAndUpdateAsync(settings => settings with { Enabled = enabled }, actor, cancellationToken);

    public Task<Fault?> UpdateAsync(string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<DeploymentService>(deployments => deployments.StartUpdateAsync(Id, actor, cancellationToken)), cancellationToken);

    public Task<Fault?> RollBackAsync(string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<DeploymentService>(deployments => deployments.StartRollbackAsync(Id, actor, cancellationToken)), cancellationToken);

    public Task<Fault?> AskNodesAsync(CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<DeploymentService>(deployments => deployments.GetHeavyStatusAsync(Id, cancellationToken)), cancellationToken);

    public Task<Fault?> DeleteAsync(CancellationToken cancellationToken) => Engines.GuardAsync(
        () => Engines.CallAsync<DeploymentService>(deployments => deployments.DeleteAsync(Id, ignorePreDeleteErrors: false, cancellationToken)));

    /// <summary>What the page shows, for pages that show more beside it.</summary>
    public Task<DeploymentState> ReadStateAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    protected override async Task<DeploymentState> ReadAsync(CancellationToken cancellationToken)
    {
        var settings = await Engines.CallAsync<DeploymentService, Revised<DeploymentSettings>>(deployments => deployments.GetSettingsAsync(Id, cancellationToken));
        var board = await Engines.CallAsync<BoardService, DeployerBoard>(service => service.GetAsync(cancellationToken));
        return new DeploymentState
        {
            Card = board.Stages.SelectMany(stage => stage.Deployments).First(card => card.DeploymentBasicInfo.Id == Id),
            Infra = await Engines.CallAsync<InfrastructureService, InfraStatus>(infras => infras.GetStatusAsync(settings.Value.InfraId, cancellationToken)),
            Settings = settings.Value,
            Revision = settings.Revision,
            Updates = await Engines.CallAsync<DeploymentService, IReadOnlyList<DeploymentUpdate>>(deployments => deployments.ListUpdatesAsync(Id, cancellationToken)),
            Versions = (await Engines.CallAsync<PublishedServiceCatalog, ServiceStatus>(catalog => catalog.GetStatusAsync(settings.Value.PublishedServiceId, cancellationToken))).Packages,
        };
    }

    /// <summary>Saves other settings and starts bringing them to the nodes.</summary>
    /// <param name="basedOn">Revision that the change was made on; null: whatever is there.</param>
    public Task<Fault?> ChangeSettingsAsync(
        Func<DeploymentSettings, DeploymentSettings> change, int? basedOn, string actor, CancellationToken cancellationToken) => Engines.GuardAsync(
        () => Engines.CallAsync<DeploymentService>(async deployments =>
        {
            var settings = await deployments.GetSettingsAsync(Id, cancellationToken);
            await deployments.SaveSettingsAsync(Id, change(settings.Value), ignoreWarnings: false, basedOn ?? settings.Revision, cancellationToken);
            await deployments.StartUpdateAsync(Id, actor, cancellationToken);
        }));

    private async Task<Fault?> SaveAndUpdateAsync(Func<DeploymentSettings, DeploymentSettings> change, string actor, CancellationToken cancellationToken)
    {
        var fault = await ChangeSettingsAsync(change, basedOn: null, actor, cancellationToken);
        if (fault is null) await LoadAsync(cancellationToken);
        return fault;
    }
}
