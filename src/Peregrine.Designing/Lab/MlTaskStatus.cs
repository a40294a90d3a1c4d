namespace Peregrine.Designing.Lab;

/// <summary>Where an ML task stands.</summary>
public sealed record MlTaskStatus
{
    /// <summary>True from before a train call is answered until every model of the session has ended.</summary>
    public required bool Training { get; init; }

    /// <summary>While training.</summary>
    public TrainingProgress? Progress { get; init; }

    /// <summary>The job of the running session, to be read and aborted as a future.</summary>
    public string? JobId { get; init; }

    /// <summary>All models of all sessions, oldest first.</summary>
    public required IReadOnlyList<TrainedModelSummary> Models { get; init; }
}
