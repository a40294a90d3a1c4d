using Peregrine.Models.Artifacts;

namespace Peregrine.Designing.SavedModels;

/// <summary>The active version of a saved model with its content.</summary>
/// <param name="Reference"><c>PROJECT.id</c>.</param>
/// <param name="Golden">Objects of features from the test rows, UTF-8 JSON.</param>
internal sealed record ActiveModel(
    string Reference, string VersionId, string ArtifactDigest, ModelArtifact Artifact, IReadOnlyList<ReadOnlyMemory<byte>> Golden);
