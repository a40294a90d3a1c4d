using Peregrine.Contracts.ApiNode;
using Peregrine.Deploying.Deployments;

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

    public required bool WrongMapping { get; init; }

    public required bool WrongEnabled { get; init; }

    /// <summary>Whether the node answers otherwise than wanted, or not at all.</summary>
    public bool NeedsSwitch => WrongMapping || WrongEnabled;

    public bool IsNone => !LacksService && Missing.Count == 0 && Other.Count == 0 && NotReady.Count == 0 && !WrongMapping && !WrongEnabled;

    /// <param name="actual">Null when the node does not know the service.</param>
    public static NodeDifference Between(WantedService wanted, NodeService? actual)
    {
        if (!wanted.Enabled) return OfDisabled(actual);
        var held = (actual?.Generations ?? []).ToDictionary(generation => generation.Generation, StringComparer.Ordinal);
        return new NodeDifference
        {
            LacksService = actual is null,
            Missing = [.. wanted.Packages.Where(package => !held.ContainsKey(package.Generation))],
            Other = [.. wanted.Packages.Where(package => held.TryGetValue(package.Generation, out var other) && !SameContent(package, other))],
            NotReady = [.. wanted.Packages.Where(package => held.TryGetValue(package.Generation, out var here) && SameContent(package, here) && here.State != GenerationState.Ready)],
            WrongMapping = !SameMapping(wanted.Mapping, actual?.Mapping),
            WrongEnabled = actual is not { Enabled: true },
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
        && (wanted.Shadows ?? []).SequenceEqual(actual.Shadows ?? [])
        && wanted.Entries.Zip(actual.Entries).All(pair =>
            pair.First.Generation == pair.Second.Generation && Math.Abs(pair.First.Proba - pair.Second.Proba) <= ShareTolerance);
}
