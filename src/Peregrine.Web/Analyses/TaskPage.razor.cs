using System.Globalization;
using Microsoft.AspNetCore.Components;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Store;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Analyses;

public sealed partial class TaskPage
{
    private static readonly IReadOnlyList<Metric> Classification =
    [
        new("ROC AUC", "auc", "Probability that a positive is ranked above a negative; 0.5 is chance"),
        new("PR AUC", "averagePrecision", "Average precision over all thresholds"),
        new("Log-loss", "logLoss", "Less is better"),
        new("F1", "f1", "At the model's threshold"),
    ];

    private static readonly IReadOnlyList<Metric> Regression =
    [
        new("R²", "r2", "Share of the variance explained"),
        new("RMSE", "rmse", "Less is better"),
        new("MAE", "mae", "Less is better"),
    ];

    private static readonly IReadOnlyList<Metric> Clustering =
    [
        new("Silhouette", "silhouette", "How much nearer rows are to their own cluster than to the next: -1 to 1"),
        new("Clusters", "clusters", "Without that of outliers") { Text = value => Figures.Count((long)value) },
        new("Inertia", "inertia", "Sum of squared distances to the centroids; less is tighter") { Text = Figures.Value },
        new("Explained", "explainedVariance", "Share of the spread that lies between clusters") { Text = Figures.Share },
    ];

    [Parameter] public string ProjectKey { get; set; } = "";
    [Parameter] public string Analysis { get; set; } = "";
    [Parameter] public string MlTask { get; set; } = "";

    protected override object About => (ProjectKey, Analysis, MlTask);

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(2);

    protected override IDisposable? Listen(Action changed) => Futures.Changes.Subscribe(future =>
    {
        if (future.Id == View.State?.Status.JobId) changed();
    });

    protected override void Aim(TaskView view) => (view.ProjectKey, view.Analysis, view.MlTask) = (ProjectKey, Analysis, MlTask);

    private static IReadOnlyList<Metric> Columns(TaskState state) => state.Task.PredictionType switch
    {
        "REGRESSION" => Regression,
        "CLUSTERING" => Clustering,
        _ => Classification,
    };

    private static string? MainMetric(TaskState state) => state.Leaderboard is [var first, ..] ? first.MainMetric : null;

    /// <summary>How far a model stands between the worst and the best of the board, for the bar below its figure.</summary>
    private static string? Bar(TaskState state, TrainedModelSummary model)
    {
        if (model.MainMetricValue is not { } value) return null;
        var known = state.Leaderboard.Select(other => other.MainMetricValue).OfType<double>().ToList();
        double best = model.GreaterIsBetter ? known.Max() : known.Min(), worst = model.GreaterIsBetter ? known.Min() : known.Max();
        var share = best.Equals(worst) ? 1 : 0.15 + 0.85 * (value - worst) / (best - worst);
        return (share * 100).ToString("0.#", CultureInfo.InvariantCulture);
    }

    private TimeSpan? Elapsed(TaskState state) => state.Status.JobId is { } job && Futures.Find(job) is { } future ? Clock.GetUtcNow() - future.StartedAt : null;

    private string Href(TrainedModelSummary model) => $"/projects/{ProjectKey}/analyses/{Analysis}/{MlTask}/models/{model.Id}";

    private async Task TrainAsync() => Tell(await View.TrainAsync(Actor, Stopping), "Training has begun.");

    private async Task StopAsync() => Tell(await View.StopAsync(Stopping), "Training is being stopped.");

    private void Tell(Fault? fault, string done)
    {
        if (fault is not null) Notices.Failed(fault);
        else Notices.Done(done);
    }

    private sealed record Metric(string Name, string Wire, string Hint)
    {
        public Func<double, string> Text { get; init; } = value => Figures.Score(value);
    }
}
