using System.Collections.Immutable;
using System.Text;
using Peregrine.Serving.Mapping;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>One state of one service, as the documents say it should be. Immutable.</summary>
internal sealed record ServiceModel(string Id)
{
    public bool Exists { get; init; }

    public bool Enabled { get; init; }

    public MappingModel? Mapping { get; init; }

    public ImmutableSortedDictionary<string, Held> Generations { get; init; } = ImmutableSortedDictionary<string, Held>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Prepared switches by id.</summary>
    public ImmutableSortedDictionary<string, MappingModel> Prepared { get; init; } = ImmutableSortedDictionary<string, MappingModel>.Empty.WithComparers(StringComparer.Ordinal);

    public bool IsServing => Exists && Enabled && Targets.Length > 0;

    /// <summary>The loaded generations with a share, in the mapping's order.</summary>
    public ImmutableArray<(string Generation, double Share)> Targets =>
        Mapping is null ? [] : [.. Mapping.Entries.Where(entry => entry.Share > 0 && IsLoaded(entry.Generation))];

    public bool IsLoaded(string generation) => Generations.TryGetValue(generation, out var held) && held == Held.Loaded;

    public bool Awaits(string generation) => Prepared.Values.Any(mapping => mapping.Names(generation));

    public bool Needs(string generation) => Mapping?.Names(generation) == true || Awaits(generation);

    /// <summary>The generations that may answer a request without <c>forcedGeneration</c>.</summary>
    public IEnumerable<string> MayAnswer(string? dispatchKey)
    {
        var targets = Targets;
        if (dispatchKey is null || Mapping!.Random || targets.Length < 2) return targets.Select(target => target.Generation);
        var sum = targets.Sum(target => target.Share);
        var line = new BucketLine([.. targets.Select(target => target.Share / sum)], Mapping.Salt ?? Id);
        return [targets[line.PickSticky(Encoding.UTF8.GetBytes(dispatchKey))].Generation];
    }

    /// <summary>What an operator sees, to compare with what the node tells.</summary>
    public string Describe() => !Exists
        ? "no such service"
        : $"{(Enabled ? "enabled" : "disabled")} [{Mapping}] {string.Join(' ', Generations.Select(one => $"{one.Key}={one.Value}"))} prepared {string.Join(' ', Prepared.Select(one => $"{one.Key}({one.Value})"))}";
}
