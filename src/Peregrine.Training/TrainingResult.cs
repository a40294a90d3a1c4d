using Peregrine.Training.Planning;

namespace Peregrine.Training;

/// <summary>All models of one training, evaluated on the same test rows.</summary>
public sealed record TrainingResult
{
    public required TrainingPlan Plan { get; init; }

    /// <summary>In the order of the request.</summary>
    public required IReadOnlyList<TrainedModel> Models { get; init; }

    /// <summary>Rows of the table that no model learnt from, ascending; they carry the evaluations.</summary>
    public required IReadOnlyList<int> TestRows { get; init; }

    /// <summary>Rows learnt from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>The model with the best leading metric: ROC AUC, log-loss for more than two classes, R² for numbers.</summary>
    public TrainedModel Best => Models.MaxBy(model => model.Evaluation.Leading)!;
}
