namespace Peregrine.Web.Components;

public enum JobState
{
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}
