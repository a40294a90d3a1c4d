namespace Peregrine.Web.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Variant">Place in the chart colours, counted from 1.</param>
public sealed record Series(string Name, IReadOnlyList<ChartPoint> Points, int Variant = 1)
{
    /// <summary>Dashed lines are challengers and comparisons.</summary>
    public bool Dashed { get; init; }

    /// <summary>Filled to the axis below.</summary>
    public bool Filled { get; init; }

    /// <summary>A dot at every point, for series of few points.</summary>
    public bool Dots { get; init; }
}
