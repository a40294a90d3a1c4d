namespace Peregrine.Deploying.Updates;

/// <summary>A repair's turn on a deployment.</summary>
internal sealed class RepairLease(Action release, CancellationToken stop) : IDisposable
{
    /// <summary>Cancelled when someone's update wants the turn.</summary>
    public CancellationToken Stop { get; } = stop;

    public void Dispose() => release();
}
