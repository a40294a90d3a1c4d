using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;
using Peregrine.Training.LightGbm;

namespace Peregrine.Training.Tests.LightGbm;

/// <summary>Models that LightGBM trains on made-up rows: four columns of numbers and two of up to 60 categories, with missing values.</summary>
internal static class RandomBooster
{
    public const int Width = 6;
    private const int Numbers = 4;
    private static readonly double[] s_odd = [double.NaN, 0, -0.0, 1e-36, -1e-36, 1e-30, -0.5, 0.9, 49.9, -1, 1e10, -1e10, double.PositiveInfinity, double.NegativeInfinity];

    /// <returns>LightGBM's text model of 30 iterations.</returns>
    public static string Train(Random random, string objective, string settings)
    {
        const int count = 3000;
        var matrix = Rows(random, count, odd: false);
        var labels = new float[count];
        for (var row = 0; row < count; row++)
        {
            var x = matrix.AsSpan(row * Width, Width);
            var score = (double.IsNaN(x[0]) ? 1 : x[0]) + (x[4] % 3 == 0 ? 2 : 0) + (x[5] > 30 ? -1 : 0) + random.NextDouble();
            labels[row] = objective.StartsWith("binary") ? score > 1 ? 1 : 0
                : objective.StartsWith("multiclass") ? Math.Clamp((int)score, 0, 2)
                : objective.StartsWith("poisson") ? Math.Max(0, (int)score) : (float)score;
        }

        var parameters = new LightGbmParameters().Set("objective", objective + " " + settings).Set("num_leaves", 20).Set("min_data_in_leaf", 3)
            .Set("deterministic", "true").Set("force_row_wise", "true").Set("num_threads", 2).Set("seed", random.Next(1000)).Set("min_data_per_group", 5);
        using var dataset = LightGbmDataset.Create(matrix, count, Width, [4, 5], parameters);
        dataset.SetLabels(labels);
        using var booster = new LightGbmBooster(dataset, parameters);
        for (var tree = 0; tree < 30; tree++) booster.Grow();
        return booster.Save();
    }

    /// <summary>Four columns of numbers and two of up to 60 categories.</summary>
    public static double[] Rows(Random random, int count, bool odd)
    {
        var matrix = new double[count * Width];
        for (var at = 0; at < matrix.Length; at++)
        {
            matrix[at] = at % Width < Numbers
                ? random.Next(8) switch { 0 => double.NaN, 1 => 0, 2 => random.Next(-3, 4), _ => random.NextDouble() * 4 - 2 }
                : random.Next(15) == 0 ? double.NaN : random.Next(60);
            if (odd && random.Next(4) == 0) matrix[at] = s_odd[random.Next(s_odd.Length)];
        }

        return matrix;
    }

    /// <summary>The same trees in Peregrine, each column an input.</summary>
    /// <param name="average">Iterations that LightGBM's own sums are to be divided by; 0: none.</param>
    public static CompiledModel Compile(string text, int outputs, out int average)
    {
        var trees = LightGbmModelText.Parse(text).ToEnsemble();
        average = trees.Average ? trees.Trees / trees.Outputs : 0;
        return CompiledModel.Compile(new ModelArtifact
        {
            Spec = new ModelSpec
            {
                Prediction = outputs == 1 ? PredictionKind.Regression : PredictionKind.Multiclass, Target = "t",
                Classes = outputs == 1 ? [] : ["a", "b", "c"],
                Inputs = [.. Enumerable.Range(0, Width).Select(column => new Field($"f{column}", FieldKind.Number))],
                Features = [.. Enumerable.Range(0, Width).Select(column => new NumberFeature { Field = $"f{column}" })],
                Predictor = new TreePredictorSpec { Link = outputs == 1 ? Link.Identity : Link.Softmax },
            },
            Trees = trees,
        });
    }
}
