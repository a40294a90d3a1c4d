namespace Peregrine.Samples.Payments;

/// <summary>The two functions the simulator needs, made of additions and multiplications only: libraries differ in their last bit, these do not.</summary>
internal static class PortableMath
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>e to the power of <paramref name="x"/>, within 1e-14 of it for |x| below 40.</summary>
    public static double Exp(double x)
    {
        var halvings = (int)Math.Floor(x / Ln2 + 0.5);
        var rest = x - halvings * Ln2;
        var term = 1.0;
        var sum = 1.0;
        for (var i = 1; i <= 16; i++)
        {
            term = term * rest / i;
            sum += term;
        }
        return Math.ScaleB(sum, halvings);
    }

    /// <summary>Cosine of an angle in degrees, within 1e-6 of it for angles up to 90.</summary>
    public static double CosDegrees(double degrees)
    {
        var x = degrees * (3.141592653589793 / 180);
        var squared = x * x;
        return 1 - squared / 2 * (1 - squared / 12 * (1 - squared / 30 * (1 - squared / 56 * (1 - squared / 90))));
    }
}
