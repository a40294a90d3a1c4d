using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Deploying.Drift;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

/// <summary>Drift of one deployment, added up over its nodes.</summary>
public sealed class DriftView(Engines engines) : ViewModel<DriftPageState>(engines)
{
    private readonly DeploymentView _deployment = new(engines);

    public string Id { get; set; } = "";

    /// <summary>Null: the first that the nodes keep.</summary>
    public string? Window { get; set; }

    protected override async Task<DriftPageState> ReadAsync(CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var deployment = await _deployment.ReadStateAsync(cancellationToken);
        if (deployment.PredictsNothing) return new DriftPageState(deployment, new DriftAnswer { Reports = [] });
        var drift = await Engines.CallAsync<DeploymentDrift, DriftAnswer>(service => service.ReadAsync(Id, new DriftQuestion(Window: Window), cancellationToken));
        return new DriftPageState(deployment, drift);
    }
}
