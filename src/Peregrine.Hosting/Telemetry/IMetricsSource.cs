namespace Peregrine.Hosting.Telemetry;

/// <summary>Counts kept in cells of their own, where a record through an instrument would cost requests too much; written when the metrics page is asked for.</summary>
public interface IMetricsSource
{
    void Write(MetricsText text);
}
