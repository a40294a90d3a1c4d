namespace Peregrine.Datasets.Profiles;

/// <summary>Figures of a column of numbers or moments (seconds since 1970), without its missing values.</summary>
/// <param name="Deviation">Standard deviation of the sample, 0 for a single value.</param>
/// <param name="Quantiles">At 0, 1, 5, 25, 50, 75, 95, 99 and 100 %, interpolated linearly.</param>
/// <param name="Histogram">At most 20 bins of equal width from minimum to maximum.</param>
public sealed record NumberProfile(
    double Min, double Max, double Mean, double Deviation, IReadOnlyList<Quantile> Quantiles, IReadOnlyList<HistogramBin> Histogram);

/// <summary>The value below which a share of the rows lies.</summary>
public sealed record Quantile(double Share, double Value);

/// <summary>Rows with a value in [From, To), the last bin with To.</summary>
public sealed record HistogramBin(double From, double To, int Count);

/// <summary>A value and the number of its rows.</summary>
public sealed record ValueCount(string Value, int Count);
