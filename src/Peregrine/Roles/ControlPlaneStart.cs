using Peregrine.Hosting.Health;

namespace Peregrine.Roles;

/// <summary>Of an API node that shares its process with a control plane: it is not ready before verbs find that and are answered.</summary>
internal sealed class ControlPlaneStart : IReadinessCondition
{
    private volatile bool _isOver;

    public string Name => "control-plane";

    public void Complete() => _isOver = true;

    public Readiness Check() => _isOver ? Readiness.Ready : Readiness.NotReady("the control plane of this process is starting");
}
