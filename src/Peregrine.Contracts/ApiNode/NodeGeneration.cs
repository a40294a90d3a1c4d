using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>One version of a service as an API node has it.</summary>
public sealed record NodeGeneration
{
    /// <summary>The version's id.</summary>
    public required string Generation { get; init; }

    /// <summary>The same id, under the name that command-line users know.</summary>
    public required string Tag { get; init; }

    /// <summary>When the version was packaged, in milliseconds since 1970.</summary>
    public required long CreatedOn { get; init; }

    /// <summary>When this node took it, in milliseconds since 1970.</summary>
    public required long ImportedOn { get; init; }

    /// <summary>SHA-256 of the package, 64 lower-case hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Size of the package.</summary>
    public required long Bytes { get; init; }

    public required GenerationState State { get; init; }

    /// <summary>Why the state is <see cref="GenerationState.Failed"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>Whether it is loaded.</summary>
    public required bool Mounted { get; init; }

    /// <summary>Its share of requests, 0 to 1.</summary>
    public required double MappedProba { get; init; }

    /// <summary>Its share in percent.</summary>
    public required double Mapped { get; init; }
}
