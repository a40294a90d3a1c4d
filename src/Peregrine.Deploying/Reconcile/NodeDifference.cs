using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Reconcile;

/// <summary>What a node lacks to be as wanted. Pure: the same two sides give the same difference.</summary>
public sealed record NodeDifference
{
    private const double ShareTolerance = 1e-9;

    public required bool LacksService { get; init; }

    /// <summary>Packages that the node does not hold.</summary>
    public required IReadOnlyList<WantedPackage> Missing { get; init; }

    /// <summary>Packages that the node holds under the wanted id with another content: never overwritten.</summary>
    public required IReadOnlyList<WantedPackage> Other { get; init; }

    /// <summary>Packages that the node holds and cannot answer with yet.</summary>
    public required IReadOnlyList<WantedPackage> NotReady { get; init; }

    /// <summary>Other generations, shares or shadows.</summary>
    public required bool WrongMapping { get; init; }

    /// <summary>Other shadows, whatever else the mapping says.</summary>
    public bool WrongShadows { get; init; }

    public required bool WrongEnabled { get; init; }

    /// <summary>Other rate limits, or some that the node cannot read.</summary>
    public bool WrongLimits { get; init; }

    /// <summary>Keys made through this Deployer that are absent, differ, or should not be there any more.</summary>
    public bool WrongKeys { get; init; }

    /// <summary>Whether somebody who asks the node now gets an answer.</summary>
    public bool Answers { get; init; }

    /// <summary>Whether the node answers otherwise than wanted, or not at all.</summary>
    public bool NeedsSwitch => WrongMapping || WrongEnabled;

    public bool IsNone => !LacksService && Missing.Count == 0 && Other.Count == 0 && NotReady.Count == 0 && !WrongMapping && !WrongEnabled
        && !WrongLimits && !WrongKeys;

    public static NodeDifference Between(WantedService wanted, NodeContents contents)
    {
        var actual = contents.Service;
        if (!wanted.Enabled) return OfDisabled(actual);
        var held = (actual?.Generations ?? []).ToDictionary(generation => generation.Generation, StringComparer.Ordinal);
        return new NodeDifference
        {
            LacksService = actual is null,
            Missing = [.. wanted.Packages.Where(package => !held.ContainsKey(package.Generation))],
            Other = [.. wanted.Packages.Where(package => held.TryGetValue(package.Generation, out var other) && !SameContent(package, other))],
            NotReady = [.. wanted.Packages.Where(package => held.TryGetValue(package.Generation, out var here) && SameContent(package, here) && here.State != GenerationState.Ready)],
            WrongMapping = !SameMapping(wanted.Mapping, actual?.Mapping),
            WrongShadows = !SameShadows(wanted.Mapping, actual?.Mapping),
            WrongEnabled = actual is not { Enabled: true },
            WrongLimits = wanted.RateLimits is { } rules && !SameLimits(rules, contents.Limits),
            WrongKeys = !SameKeys(wanted.Keys, contents.Keys ?? []),
            Answers = actual is { Enabled: true, Mapping: not null },
        };
    }

    /// <summary>A disabled service may keep its generations, so that enabling it again is quick.</summary>
    private static NodeDifference OfDisabled(NodeService? actual) => new()
    {
        LacksService = false, Missing = [], Other = [], NotReady = [], WrongMapping = false, WrongEnabled = actual is { Enabled: true },
    };

    private static bool SameContent(WantedPackage package, NodeGeneration held) =>
        string.Equals(package.Digest, held.Digest, StringComparison.OrdinalIgnoreCase);

    /// <summary>The order of the entries counts: sticky keys depend on it.</summary>
    private static bool SameMapping(NodeMapping wanted, NodeMapping? actual) =>
        actual is not null && wanted.Strategy == actual.Strategy && wanted.Entries.Count == actual.Entries.Count
        && SameShadows(wanted, actual)
        && wanted.Entries.Zip(actual.Entries).All(pair =>
            pair.First.Generation == pair.Second.Generation && Math.Abs(pair.First.Proba - pair.Second.Proba) <= ShareTolerance);

    private static bool SameShadows(NodeMapping wanted, NodeMapping? actual) =>
        wanted.Shadows is null || wanted.Shadows.SequenceEqual(actual?.Shadows ?? []);

    /// <summary>Their order does not count: a call must be let in by all of them.</summary>
    private static bool SameLimits(IReadOnlyList<RateLimitRule> wanted, NodeRateLimits? actual) =>
        actual?.Damage is null && wanted.ToHashSet().SetEquals((actual?.Rules ?? []).Select(rule => rule.Rule().Normalized()));

    /// <summary>The hash needs no comparing: a key's id goes with one hash for ever.</summary>
    private static bool SameKeys(IReadOnlyList<DeployedKey> wanted, IReadOnlyList<NodeServiceKey> actual)
    {
        var held = actual.Where(key => key.Source == NodeServiceKey.FromDeployer).ToDictionary(key => key.Id, StringComparer.Ordinal);
        return held.Count == wanted.Count && wanted.All(key => held.TryGetValue(key.Id, out var other) && IsAsWanted(key, other));
    }

    /// <summary>Whether a node's key opens what it should, for as long as it should.</summary>
    public static bool IsAsWanted(DeployedKey wanted, NodeServiceKey actual) =>
        actual.Source == NodeServiceKey.FromDeployer && wanted.Expiry == actual.Expiry && wanted.Label == actual.Label
        && (wanted.Endpoints is null ? actual.Endpoints is null : actual.Endpoints is { } endpoints && wanted.Endpoints.SequenceEqual(endpoints));
}
