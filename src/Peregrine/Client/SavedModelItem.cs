namespace Peregrine.Client;

public sealed record SavedModelItem
{
    public required string Id { get; init; }
    public string? Name { get; init; }

    /// <summary>What the model was trained for.</summary>
    public SavedModelTask? MiniTask { get; init; }
}

/// <param name="TaskType">PREDICTION or CLUSTERING.</param>
public sealed record SavedModelTask(string? TaskType);

public sealed record SavedModelVersionItem
{
    public required string Id { get; init; }
    public bool Active { get; init; }
}
