using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

/// <summary>All that the page of one deployment shows.</summary>
public sealed record DeploymentState
{
    /// <summary>As last seen by the Deployer: no node is asked for it.</summary>
    public required BoardDeployment Card { get; init; }
    public required InfraStatus Infra { get; init; }
    public required DeploymentSettings Settings { get; init; }
    public required int Revision { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<DeploymentUpdate> Updates { get; init; }

    /// <summary>Of the service, newest first.</summary>
    public required IReadOnlyList<PublishedVersion> Versions { get; init; }

    public DeploymentUpdate? Running => Updates.FirstOrDefault(update => update.Status == UpdateStatus.Running);

    /// <summary>Endpoints of the versions that are wanted.</summary>
    public IReadOnlyList<PublishedEndpoint> Endpoints =>
        [.. Versions.Where(version => Settings.GenerationsMapping.Shares.Any(share => share.Generation == version.Id)).SelectMany(version => version.Endpoints).DistinctBy(endpoint => endpoint.Id)];

    /// <summary>Whether no model answers at any of them, as where all are lookups. False while no endpoint is known.</summary>
    public bool PredictsNothing => Endpoints.Count > 0 && !Endpoints.Any(endpoint => Kinds.Predicts(endpoint.Type));

    /// <summary>Whether shadows get copies of requests, or are wanted all the same: then they can be taken off.</summary>
    public bool HasShadows => !PredictsNothing || Settings.WantedShadows is { Count: > 0 };

    /// <summary>What the last good update before the present one brought: where a rollback leads; null when there is nowhere to go back to.</summary>
    public string? Former => Updates
        .Where(update => update.Status == UpdateStatus.Done && !update.Generations.SequenceEqual(Settings.GenerationsMapping.Shares.Select(share => share.Generation)))
        .Select(update => string.Join(", ", update.Generations)).FirstOrDefault();
}
