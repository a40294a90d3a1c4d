namespace Peregrine.Hosting.Futures;

/// <summary>Where a future stands. Everything but <see cref="Running"/> is final.</summary>
public enum FutureStatus
{
    Running,
    Done,
    Failed,
    Aborted,
}
