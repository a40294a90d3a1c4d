namespace Peregrine.Hosting.Telemetry;

/// <summary>Says which series the metrics page still shows: the exporter's library keeps every series that ever was.</summary>
public interface ISeriesFilter
{
    /// <param name="service">Label <c>service</c> of a series that has it.</param>
    /// <param name="generation">Label <c>generation</c>; empty where the series does not have it.</param>
    bool Keeps(string service, string generation);
}
