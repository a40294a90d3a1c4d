using System.Text.Json.Serialization;

namespace Peregrine.Training.Splitting;

/// <summary>How rows are parted into training and test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RandomSplit), "random")]
[JsonDerivedType(typeof(TimeSplit), "time")]
public abstract record SplitSpec
{
    /// <summary>Share of the rows to train on: 0.05 to 0.95, default 0.8.</summary>
    public double TrainShare { get; init; } = 0.8;
}

/// <summary>At random, each class in equal shares on both sides.</summary>
public sealed record RandomSplit : SplitSpec
{
    public int Seed { get; init; } = 1337;
}

/// <summary>The earlier rows train, the later ones test. Rows of one moment stay on one side.</summary>
public sealed record TimeSplit : SplitSpec
{
    /// <summary>A column of dates or moments, or of numbers that grow with time; no value may be missing.</summary>
    public required string Column { get; init; }
}
