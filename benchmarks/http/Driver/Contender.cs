namespace Peregrine.Benchmarks.Driver;

/// <summary>A row of the table: a server, what it is asked, and how it and the yardstick beside it did.</summary>
/// <param name="StartAsync">Starts the server, ready to answer.</param>
internal sealed record Contender(string Name, Func<Task<Server>> StartAsync, Shot Shot)
{
    public List<Measurement> Runs { get; } = [];

    /// <summary>The yardstick's runs, each right before or after the one of <see cref="Runs"/> at its place.</summary>
    public List<Measurement> Yardstick { get; } = [];

    /// <summary>Resident memory after the last run, in bytes.</summary>
    public long Memory { get; set; }
}
