using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Training.Evaluation;

namespace Peregrine.Training;

/// <summary>A model with what is known of it.</summary>
public sealed record TrainedModel
{
    public required TrainingAlgorithm Algorithm { get; init; }

    public required ModelArtifact Artifact { get; init; }

    /// <summary>The program that was evaluated, ready to score.</summary>
    public required CompiledModel Compiled { get; init; }

    /// <summary>The artifact as a file.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Figures on the test rows, computed with <see cref="Compiled"/>.</summary>
    public required ModelEvaluation Evaluation { get; init; }

    /// <summary>Largest first, shares of 1, by field of the prepared record.</summary>
    public required IReadOnlyList<FieldImportance> Importance { get; init; }

    public required TrainingTimings Timings { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Trees in the model; 0 for a linear one.</summary>
    public int Trees { get; init; }
}

/// <summary>How much a model leans on a field: split gain of trees, or the spread of a linear model's term over the rows.</summary>
public sealed record FieldImportance(string Field, double Share);

/// <summary>Wall-clock times of one model.</summary>
public sealed record TrainingTimings(TimeSpan Fitting, TimeSpan Evaluating);
