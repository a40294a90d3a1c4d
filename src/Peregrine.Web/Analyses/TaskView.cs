using Peregrine.Designing.Lab;
using Peregrine.Designing.Store;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Analyses;

public sealed record TaskState
{
    public required MlTaskSummary Task { get; init; }
    public required MlTaskStatus Status { get; init; }

    /// <summary>Best first; then those that run, wait or failed.</summary>
    public required IReadOnlyList<TrainedModelSummary> Leaderboard { get; init; }

    public TrainedModelSummary? Best => Leaderboard.FirstOrDefault(model => model.State == RunState.Done && model.MainMetricValue is not null);
}

/// <summary>One ML task: its leaderboard, live while it trains.</summary>
public sealed class TaskView(Engines engines) : ViewModel<TaskState>(engines)
{
    public string ProjectKey { get; set; } = "";
    public string Analysis { get; set; } = "";
    public string MlTask { get; set; } = "";

    public MlTaskRef Ref => new(ProjectKey, Analysis, MlTask);

    public Task<Fault?> TrainAsync(string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<TrainingService>(training => training.StartAsync(Ref, sessionName: null, actor, cancellationToken)), cancellationToken);

    public Task<Fault?> StopAsync(CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<TrainingService>(training => training.AbortAsync(Ref, cancellationToken)), cancellationToken);

    protected override async Task<TaskState> ReadAsync(CancellationToken cancellationToken)
    {
        var tasks = await Engines.CallAsync<LabService, IReadOnlyList<MlTaskSummary>>(lab => lab.ListTasksAsync(ProjectKey, Analysis, cancellationToken));
        return new TaskState
        {
            // A status read first names what is missing when there is no such task.
            Status = await Engines.CallAsync<TrainingService, MlTaskStatus>(training => training.GetStatusAsync(Ref, cancellationToken)),
            Leaderboard = await Engines.CallAsync<TrainingService, IReadOnlyList<TrainedModelSummary>>(training => training.LeaderboardAsync(Ref, cancellationToken)),
            Task = tasks.First(task => task.Task.MlTaskId == MlTask),
        };
    }
}
