using Microsoft.Extensions.Logging;
using Peregrine.Hosting.Changes;

namespace Peregrine.Deploying.Changes;

internal sealed class DeployerEvents(ILogger<DeployerEvents> logger) : IDeployerEvents
{
    private readonly ChangeFeed<DeployerChange> _feed = new(logger);

    public IDisposable Subscribe(Action<DeployerChange> listener) => _feed.Subscribe(listener);

    public void Raise(DeployerChangeKind kind, string id) => _feed.Raise(new DeployerChange(kind, id));
}
