using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>A key of a service as a node lists it; never the key itself.</summary>
public sealed record NodeServiceKey
{
    /// <summary>Made through a Deployer.</summary>
    public const string FromDeployer = "deployer";

    public required string Id { get; init; }

    public string? Label { get; init; }

    /// <summary><c>package</c>, <c>node</c> or <see cref="FromDeployer"/>.</summary>
    public required string Source { get; init; }

    /// <summary><c>active</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary>Milliseconds since 1970 UTC; null for keys of a package.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CreatedOn { get; init; }

    /// <summary>Milliseconds since 1970 UTC; null: never.</summary>
    public long? Expiry { get; init; }

    /// <summary>When the node accepted it last, to the second; null: no use is known.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The endpoints that it opens; null: all.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }
}
