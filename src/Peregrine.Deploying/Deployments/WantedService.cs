using Peregrine.Contracts.ApiNode;

namespace Peregrine.Deploying.Deployments;

/// <summary>What each node of a deployment should be: the comparison's left side.</summary>
public sealed record WantedService
{
    /// <summary>Id on the nodes.</summary>
    public required string ServiceId { get; init; }

    public required bool Enabled { get; init; }

    public required NodeMapping Mapping { get; init; }

    public required IReadOnlyList<WantedPackage> Packages { get; init; }
}
