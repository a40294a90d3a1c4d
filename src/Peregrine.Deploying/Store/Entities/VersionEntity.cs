using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

/// <summary>A version of a published service. Rows are added and deleted, never changed.</summary>
public sealed class VersionEntity
{
    public required string ServiceId { get; set; }

    public required string Id { get; set; }

    public required PublishedVersion Version { get; set; }

    /// <summary>Key of the archive in the blob store.</summary>
    public required string Digest { get; set; }

    /// <summary>Orders versions, newest last.</summary>
    public long PublishedOn { get; set; }
}
