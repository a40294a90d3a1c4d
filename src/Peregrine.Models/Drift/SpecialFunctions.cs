namespace Peregrine.Models.Drift;

/// <summary>Tails of distributions.</summary>
public static class SpecialFunctions
{
    private const int MostTerms = 10_000;
    private const double Precision = 1e-15;
    private const double Tiny = 1e-300;

    // Lanczos' series with g = 7 and nine terms: about 15 digits (Godfrey 2001).
    private static readonly double[] s_lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>P(X &gt; <paramref name="x"/>) of the chi-square distribution.</summary>
    /// <param name="x">0 or more.</param>
    /// <param name="freedom">Degrees of freedom, more than 0.</param>
    public static double ChiSquareTail(double x, double freedom) => x <= 0 ? 1 : UpperGamma(freedom / 2, x / 2);

    /// <summary>P(√n·D &gt; <paramref name="x"/>) in the limit: 2 Σ (-1)^(k-1) e^(-2 k² x²) (Kolmogorov 1933).</summary>
    public static double KolmogorovTail(double x)
    {
        if (x < 0.2) return 1; // below 1 by less than 1e-12
        if (x < 1.18)
        {
            // The other series of the same function converges quickly here (Marsaglia, Tsang & Wang 2003).
            var q = Math.Exp(-Math.PI * Math.PI / (8 * x * x));
            var q8 = Math.Pow(q, 8);
            return 1 - Math.Sqrt(2 * Math.PI) / x * q * (1 + q8 * (1 + q8 * q8 * (1 + q8 * q8 * q8)));
        }

        var sum = 0.0;
        var sign = 1;
        for (var k = 1; k < 100; k++, sign = -sign)
        {
            var term = Math.Exp(-2.0 * k * k * x * x);
            sum += sign * term;
            if (term < Precision * sum) break;
        }

        return Math.Clamp(2 * sum, 0, 1);
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x): a series below a + 1, Lentz's continued fraction above (DLMF 8.7.1, 8.9.2).</summary>
    private static double UpperGamma(double a, double x)
    {
        var scale = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        return Math.Clamp(x < a + 1 ? 1 - scale * LowerSeries(a, x) : scale * UpperFraction(a, x), 0, 1);
    }

    private static double LowerSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < MostTerms && term > sum * Precision; n++) sum += term *= x / (a + n);
        return sum;
    }

    private static double UpperFraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var fraction = d;
        for (var n = 1; n < MostTerms; n++)
        {
            var an = -n * (n - a);
            b += 2;
            d = 1 / NotZero(an * d + b);
            c = NotZero(b + an / c);
            fraction *= d * c;
            if (Math.Abs(d * c - 1) < Precision) break;
        }

        return fraction;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <param name="x">At least 0.5.</param>
    private static double LogGamma(double x)
    {
        x--;
        var sum = s_lanczos[0];
        for (var i = 1; i < s_lanczos.Length; i++) sum += s_lanczos[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
