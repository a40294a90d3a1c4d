using Peregrine.Models;
using Peregrine.Models.Preparation;

namespace Peregrine.Training.Planning;

/// <summary>What a training will do, settled before a row is learnt from: guesses where the request left room.</summary>
public sealed record TrainingPlan
{
    public required string Target { get; init; }

    public required PredictionKind Prediction { get; init; }

    /// <summary>Class labels in the model's order; binary: [negative, positive]; regression: empty.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The steps asked for, and behind them those that the plan adds.</summary>
    public required IReadOnlyList<PreparationStep> Steps { get; init; }

    /// <summary>One entry per column of the table but the target, then per field made by the steps.</summary>
    public required IReadOnlyList<ColumnPlan> Columns { get; init; }

    /// <summary>What the owner of the data should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
