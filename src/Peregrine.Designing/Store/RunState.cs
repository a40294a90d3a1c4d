namespace Peregrine.Designing.Store;

/// <summary>Where a job or a training stands. The last three are final.</summary>
public enum RunState
{
    Pending,
    Running,
    Done,
    Failed,
    Aborted,
}
