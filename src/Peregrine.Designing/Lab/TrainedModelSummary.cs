using Peregrine.Designing.Store;

namespace Peregrine.Designing.Lab;

/// <summary>A model of the lab in the leaderboard.</summary>
public sealed record TrainedModelSummary
{
    public required string Id { get; init; }
    public required string SessionId { get; init; }

    /// <summary>Key under <c>modeling</c>, such as <c>lightgbm_classification</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>For people, such as <c>Gradient-boosted trees</c>.</summary>
    public required string AlgorithmName { get; init; }
    public required string PredictionType { get; init; }
    public required RunState State { get; init; }

    /// <summary>Why there is no model, when it failed.</summary>
    public string? Failure { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public DateTimeOffset? StartedOn { get; init; }
    public DateTimeOffset? EndedOn { get; init; }

    /// <summary>Metrics on the test rows under their wire names: <c>auc, averagePrecision, logLoss, f1, accuracy, …</c>; empty until done.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Wire name of the metric that ranks the models of the task.</summary>
    public required string MainMetric { get; init; }
    public required bool GreaterIsBetter { get; init; }
    public double? MainMetricValue => Metrics.TryGetValue(MainMetric, out var value) ? value : null;
    public TimeSpan? TrainingTime => EndedOn - StartedOn;
}
