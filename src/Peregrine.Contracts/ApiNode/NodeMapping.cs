using System.Text.Json.Serialization;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Contracts.ApiNode;

/// <summary>Which generations of a service answer on a node, with which share: the body of <c>setMapping</c> and what the node tells.</summary>
/// <remarks>The order of entries matters to sticky keys: shares lie one after the other, so growing the last one moves only the keys it gains.</remarks>
public sealed record NodeMapping
{
    /// <summary>Shares that sum to 1. A share of 0 keeps a generation loaded for <c>forcedGeneration</c>.</summary>
    public required IReadOnlyList<GenerationShare> Entries { get; init; }

    /// <summary>
    /// Absent: a request with a <c>dispatchKey</c> goes where its key always goes, one without is drawn. <c>RANDOM</c> draws even
    /// when there is a key.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MappingStrategy? Strategy { get; init; }

    /// <summary>Mixed into the hash of the key, so that two experiments split independently. Absent: the service's id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Salt { get; init; }

    /// <summary>Generations that score a copy of requests, for comparison; callers never see their answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShadowShare>? Shadows { get; init; }

    /// <summary>Every generation that has to be loaded for this mapping.</summary>
    [JsonIgnore]
    public IEnumerable<string> Generations => Entries.Select(entry => entry.Generation).Concat((Shadows ?? []).Select(shadow => shadow.Generation)).Distinct(StringComparer.Ordinal);

    public bool Names(string generation) => Generations.Contains(generation, StringComparer.Ordinal);

    /// <summary>Whether both send the same requests to the same generations; the order of entries counts.</summary>
    public bool SameAs(NodeMapping? other) =>
        other is not null && Strategy == other.Strategy && Salt == other.Salt && Entries.SequenceEqual(other.Entries) && (Shadows ?? []).SequenceEqual(other.Shadows ?? []);

    public static NodeMapping Single(string generation) => new() { Entries = [new GenerationShare(generation, 1)] };
}
