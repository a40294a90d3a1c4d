namespace Peregrine.Deploying.Changes;

/// <summary>Changes of the Deployer as they happen, for live pages.</summary>
public interface IDeployerEvents
{
    /// <summary>Listens until the returned value is disposed. The listener runs on the thread of the change and must be quick.</summary>
    IDisposable Subscribe(Action<DeployerChange> listener);
}
