using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>What a user wants trained.</summary>
public sealed record TrainingPlan
{
    public required string Project { get; init; }
    public required string Dataset { get; init; }

    /// <summary>The column to predict; null looks for clusters instead.</summary>
    public required string? Target { get; init; }

    /// <summary>Clusters: numbers to choose from; empty leaves the choice to the server.</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [];

    /// <summary>Clusters: share of rows that count as outliers; null for none.</summary>
    public double? Outliers { get; init; }

    /// <summary>Columns that are not used.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The latest rows by this column are the test rows; null draws them at random.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Share of rows to train on.</summary>
    public double TrainRatio { get; init; } = 0.8;

    /// <summary>logistic, linear, forest, boosting, or keys under <c>modeling</c>; empty trains what the server proposes.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>Preparation steps; null for none.</summary>
    public JsonArray? Steps { get; init; }
    public string? Name { get; init; }
}
