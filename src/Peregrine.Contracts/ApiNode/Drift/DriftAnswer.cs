namespace Peregrine.Contracts.ApiNode.Drift;

/// <summary>What <c>GET …/services/{s}/drift</c> answers.</summary>
public sealed record DriftAnswer
{
    /// <summary>One per endpoint and generation, by their ids.</summary>
    public required IReadOnlyList<DriftReport> Reports { get; init; }

    /// <summary>Nodes that were asked and could not be, with the reason; of the Deployer's answer.</summary>
    public IReadOnlyList<string> Unanswered { get; set; } = [];
}
