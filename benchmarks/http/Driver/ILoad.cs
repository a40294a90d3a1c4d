namespace Peregrine.Benchmarks.Driver;

/// <summary>A load generator on the second core.</summary>
internal interface ILoad
{
    Task<Measurement> MeasureAsync(Contender contender, Server server, int seconds);
}
