using Peregrine.Contracts.ApiNode;

namespace Peregrine.Serving.Generations;

/// <summary><c>service.json</c>: what a node remembers of one service.</summary>
internal sealed record ServiceDocument
{
    /// <summary>The newest format this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    public int FormatVersion { get; init; } = CurrentFormat;

    public required string ServiceId { get; init; }

    public bool Enabled { get; init; }

    /// <summary>Null until a generation was switched to.</summary>
    public NodeMapping? Mapping { get; init; }

    public IReadOnlyList<StoredGeneration> Generations { get; init; } = [];

    public StoredGeneration? Find(string generation) => Generations.FirstOrDefault(stored => stored.Id == generation);

    /// <summary>Whether a mapping names the generation, be it without a share.</summary>
    public bool Maps(string generation) => Mapping?.Entries.Any(entry => entry.Generation == generation) == true;
}
