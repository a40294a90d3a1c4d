using System.Text.Json.Nodes;

namespace Peregrine.Designing.Lab;

/// <summary>All that is kept of a lab model.</summary>
public sealed record TrainedModelDetails
{
    public required TrainedModelSummary Summary { get; init; }

    /// <summary>The task's settings as they were when the model was trained.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>The preparation steps as they were.</summary>
    public required JsonArray Steps { get; init; }
    public required string Dataset { get; init; }

    /// <summary>SHA-256 over the files trained on; null until training began.</summary>
    public string? DatasetDigest { get; init; }
    public required int Seed { get; init; }

    /// <summary>SHA-256 of the model artifact; null until trained.</summary>
    public string? ArtifactDigest { get; init; }

    /// <summary>Null until trained.</summary>
    public EvaluationDocument? Report { get; init; }
    public required JsonObject UserMeta { get; init; }
}
