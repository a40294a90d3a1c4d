namespace Peregrine.Client;

public sealed record MlTaskState
{
    public bool Guessing { get; init; }
    public bool Training { get; init; }
    public JobProgress? Progress { get; init; }
    public IReadOnlyList<LabModelId> FullModelIds { get; set; } = [];
}
