namespace Peregrine.Serving.Shadows;

/// <summary>The figures of one comparison at one moment.</summary>
internal record struct ShadowCounts
{
    /// <summary>Records that both have answered.</summary>
    public long Records { get; set; }

    public long Agreed { get; set; }

    /// <summary>Records whose predicted class differs.</summary>
    public long Flips { get; set; }

    /// <summary>Records that one of them ignored and the other did not.</summary>
    public long IgnoredDiffer { get; set; }

    /// <summary>Records that the shadow could not take.</summary>
    public long Failed { get; set; }

    public string? LastFailure { get; set; }

    /// <summary>Records whose scores could be compared.</summary>
    public long Compared { get; set; }

    public double SumOfDistances { get; set; }

    public double LargestDistance { get; set; }
}
