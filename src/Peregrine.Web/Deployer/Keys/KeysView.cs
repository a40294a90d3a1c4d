using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Deploying.Keys;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer.Keys;

/// <summary>Keys of one deployment's service, and how they stand on its nodes.</summary>
public sealed class KeysView(Engines engines) : ViewModel<KeysPageState>(engines)
{
    private readonly DeploymentView _deployment = new(engines);

    public string Id { get; set; } = "";

    /// <summary>Makes a key, or one in place of another; the change holds the key itself, this once.</summary>
    public async Task<(KeyChange? Change, Fault? Fault)> MakeAsync(KeyForm form, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form.Old is { } old)
        {
            var (rotation, unread) = form.ReadRotation();
            return rotation is null ? (null, unread) : await ActAsync(keys => keys.RotateAsync(Id, old.Id, rotation, actor, cancellationToken), cancellationToken);
        }

        var (request, fault) = form.ReadNew();
        return request is null ? (null, fault) : await ActAsync(keys => keys.AddAsync(Id, request, actor, cancellationToken), cancellationToken);
    }

    public Task<(KeyChange? Change, Fault? Fault)> RevokeAsync(string key, CancellationToken cancellationToken) =>
        ActAsync(keys => keys.RevokeAsync(Id, key, cancellationToken), cancellationToken);

    protected override async Task<KeysPageState> ReadAsync(CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var deployment = await _deployment.ReadStateAsync(cancellationToken);
        return new KeysPageState(deployment, await Engines.CallAsync<DeploymentKeyService, DeploymentKeys>(keys => keys.ListAsync(Id, cancellationToken)));
    }

    private async Task<(KeyChange? Change, Fault? Fault)> ActAsync(Func<DeploymentKeyService, Task<KeyChange>> act, CancellationToken cancellationToken)
    {
        KeyChange? change = null;
        var fault = await ActAsync(async () => change = await Engines.CallAsync(act), cancellationToken);
        return (change, fault);
    }
}
