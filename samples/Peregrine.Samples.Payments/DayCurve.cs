namespace Peregrine.Samples.Payments;

/// <summary>When in a day people pay: the weight of each hour.</summary>
internal sealed record DayCurve(double[] Weights)
{
    public static readonly DayCurve Day =
        new([0.2, 0.1, 0.1, 0.1, 0.1, 0.4, 1.5, 3, 5, 7, 8, 8, 8, 7, 7, 7.5, 8.5, 9, 8, 5.5, 3, 1.5, 0.8, 0.4]);

    public static readonly DayCurve Evening =
        new([1.5, 0.6, 0.3, 0.2, 0.1, 0.2, 0.6, 1.5, 2.5, 3, 3.5, 5.5, 8.5, 7.5, 4, 3, 3.5, 5.5, 8.5, 10, 9.5, 7.5, 5, 3]);

    public static readonly DayCurve Night =
        new([9, 6.5, 4, 2, 0.8, 0.4, 0.2, 0.2, 0.2, 0.3, 0.6, 1, 1.5, 1.5, 1.5, 2, 3, 4.5, 6, 8, 10, 12, 13, 12]);

    public static readonly DayCurve Commute =
        new([1, 0.5, 0.3, 0.3, 0.8, 3, 7, 10, 9, 5, 3.5, 3.5, 4, 4, 4.5, 6, 9, 10, 7.5, 5, 3.5, 3, 2.5, 1.8]);

    public static readonly DayCurve Always =
        new([4, 2.6, 1.8, 1.2, 0.9, 0.9, 1.5, 2.5, 3.2, 3.5, 3.8, 4.2, 4.6, 4.4, 4.2, 4.3, 4.8, 5.2, 5.8, 6.5, 7, 7.2, 6.8, 5.6]);

    /// <summary>Seconds since midnight.</summary>
    public int Draw(DeterministicRandom random) => random.PickWeighted(Weights) * 3600 + random.Next(0, 3600);
}
