namespace Peregrine.Deploying.Nodes;

/// <summary>What a node made of an uploaded package.</summary>
internal sealed record NodeUploadAnswer(string? Generation, string? Digest);
