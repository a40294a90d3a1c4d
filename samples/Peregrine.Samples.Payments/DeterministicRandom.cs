using System.Numerics;

namespace Peregrine.Samples.Payments;

/// <summary>Draws that are the same on every machine for the same seed: xoshiro256**, and only the arithmetic that IEEE 754 fixes.</summary>
/// <remarks>Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021); seeded by SplitMix64.</remarks>
public sealed class DeterministicRandom
{
    private ulong _a, _b, _c, _d;

    public DeterministicRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>A value in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [from, to).</summary>
    public int Next(int from, int to) => from + (int)(NextDouble() * (to - from));

    public double Uniform(double from, double to) => from + NextDouble() * (to - from);

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(0, items.Count)];

    /// <summary>The place of one of <paramref name="weights"/>, each as likely as its share.</summary>
    public int PickWeighted(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var left = NextDouble() * total;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }
        return weights.Length - 1;
    }

    /// <summary>Near a normal value with mean 0 and deviation 1: the sum of twelve uniform draws less six, so within ±6.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += NextDouble();
        return sum;
    }

    public double LogNormal(double median, double sigma) => median * PortableMath.Exp(sigma * Normal());

    /// <summary>A count with this mean: Knuth's product of uniform draws, meant for means below 20.</summary>
    public int Poisson(double mean)
    {
        var floor = PortableMath.Exp(-mean);
        var product = NextDouble();
        var count = 0;
        while (product > floor)
        {
            product *= NextDouble();
            count++;
        }
        return count;
    }

    private ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
