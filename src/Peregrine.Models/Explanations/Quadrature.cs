using System.Runtime.Intrinsics;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Gauss-Legendre nodes on [0, 1], four to a vector: n of them integrate polynomials of degree 2n - 1 exactly.
/// </summary>
/// <remarks>
/// A Shapley value is the integral over t of what a field adds when each other field is known with probability t, a polynomial of the
/// degree of the number of those fields: so the integral is exact, and needs neither subsets nor permutations (Quadrature-TreeSHAP, arXiv:2605.04497).
/// </remarks>
internal sealed class Quadrature
{
    /// <param name="fields">Most distinct fields on a path: the integrands have a degree of at most this less one.</param>
    public Quadrature(int fields)
    {
        Vectors = Math.Max(1, (fields + 7) / 8);
        var count = Vectors * 4;
        var (nodes, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++) (nodes[i], weights[i]) = Node(count, i);
        Nodes = [.. Enumerable.Range(0, Vectors).Select(at => Vector256.Create(nodes, at * 4))];
        Opposites = [.. Nodes.Select(node => Vector256<double>.One - node)];
        Weights = [.. Enumerable.Range(0, Vectors).Select(at => Vector256.Create(weights, at * 4))];
    }

    public int Vectors { get; }

    public Vector256<double>[] Nodes { get; }

    /// <summary>1 - node.</summary>
    public Vector256<double>[] Opposites { get; }

    public Vector256<double>[] Weights { get; }

    /// <summary>Root i of the Legendre polynomial of a degree, by Newton's method from Tricomi's estimate, moved from [-1, 1] to [0, 1].</summary>
    private static (double Node, double Weight) Node(int degree, int i)
    {
        var x = Math.Cos(Math.PI * (i + 0.75) / (degree + 0.5));
        var slope = 0.0;
        for (var round = 0; round < 100; round++)
        {
            var (before, value) = (1.0, x);
            for (var k = 2; k <= degree; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
            slope = degree * (x * value - before) / (x * x - 1);
            var step = value / slope;
            x -= step;
            if (Math.Abs(step) < 1e-16) break;
        }

        return ((1 - x) / 2, 1 / ((1 - x * x) * slope * slope));
    }
}
