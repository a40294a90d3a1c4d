using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Shadows;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer.Shadows;

/// <summary>Shadows of one deployment, compared with what callers got over all of its nodes.</summary>
public sealed class ShadowsView(Engines engines) : ViewModel<ShadowsPageState>(engines)
{
    private readonly DeploymentView _deployment = new(engines);

    public string Id { get; set; } = "";

    /// <summary>Wants these shadows, and no others, and brings them to the nodes.</summary>
    /// <param name="basedOn">Revision of the settings that the choice was made on.</param>
    public async Task<Fault?> ChangeAsync(IReadOnlyList<ShadowShare> shadows, int basedOn, string actor, CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var fault = await _deployment.ChangeSettingsAsync(settings => settings.WithShadows(shadows), basedOn, actor, cancellationToken);
        if (fault is null) await LoadAsync(cancellationToken);
        return fault;
    }

    protected override async Task<ShadowsPageState> ReadAsync(CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var deployment = await _deployment.ReadStateAsync(cancellationToken);
        return new ShadowsPageState(deployment, await Engines.CallAsync<DeploymentShadowing, DeploymentShadows>(shadows => shadows.ReadAsync(Id, cancellationToken)));
    }
}
