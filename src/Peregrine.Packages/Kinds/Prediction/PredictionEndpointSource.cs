using Peregrine.Models.Artifacts;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>A prediction endpoint on its way into a package.</summary>
public record PredictionEndpointSource : EndpointSource
{
    public override string Kind => PredictionEndpointKind.KindId;

    public PredictionSettings Settings { get; init; } = new();
    public required ModelArtifact Model { get; init; }

    /// <summary>One at least. What was expected when the model was evaluated, or <see cref="GoldenRecords.Answer"/> of chosen records.</summary>
    public required IReadOnlyList<GoldenRecord> Golden { get; init; }
}
