using Peregrine.Contracts.ApiNode;
using Peregrine.Serving.Switching;

namespace Peregrine.Serving.Generations;

/// <summary><c>service.json</c>: what a node remembers of one service.</summary>
internal sealed record ServiceDocument
{
    /// <summary>The newest format this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    public int FormatVersion { get; set; } = CurrentFormat;

    public required string ServiceId { get; init; }

    public bool Enabled { get; init; }

    /// <summary>Null until a generation was switched to.</summary>
    public NodeMapping? Mapping { get; init; }

    public IReadOnlyList<StoredGeneration> Generations { get => field ?? []; init; }

    /// <summary>Switches in two steps, open and lately ended, oldest first.</summary>
    public IReadOnlyList<StoredSwitch> Switches { get => field ?? []; init; }

    public StoredGeneration? Find(string generation) => Generations.FirstOrDefault(stored => stored.Id == generation);

    public StoredSwitch? FindSwitch(string id) => Switches.FirstOrDefault(stored => stored.Id == id);

    /// <summary>Whether the mapping names the generation, be it without a share.</summary>
    public bool Maps(string generation) => Mapping?.Names(generation) == true;

    /// <summary>Whether the generation has to be loaded: it is mapped, or a prepared switch waits with it.</summary>
    public bool Needs(string generation) => Maps(generation) || Awaits(generation);

    /// <summary>Whether a prepared switch waits with the generation.</summary>
    public bool Awaits(string generation) => Switches.Any(stored => stored.IsOpen() && stored.Mapping?.Names(generation) == true);

    /// <summary>The document with a switch entered or replaced; of ended ones the oldest are forgotten.</summary>
    public ServiceDocument WithSwitch(StoredSwitch entered, int keptEnded)
    {
        List<StoredSwitch> all = [.. Switches.Where(stored => stored.Id != entered.Id), entered];
        var forgotten = all.Where(stored => !stored.IsOpen()).OrderBy(stored => stored.EndedOn).SkipLast(keptEnded).ToHashSet();
        return this with { Switches = [.. all.Where(stored => !forgotten.Contains(stored))] };
    }

    /// <summary>The document with every overdue switch ended.</summary>
    public ServiceDocument ExpireSwitches(DateTimeOffset now) => Switches.Any(stored => stored.IsOverdue(now))
        ? this with { Switches = [.. Switches.Select(stored => stored.IsOverdue(now) ? stored.End(SwitchState.Expired, now) : stored)] }
        : this;
}
