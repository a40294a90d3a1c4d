namespace Peregrine.Benchmarks.Driver;

/// <summary>A row of the table: a server, what it is asked, and how it did.</summary>
internal sealed record Contender(string Name, Server Server, Shot Shot)
{
    public List<Measurement> Runs { get; } = [];
}
