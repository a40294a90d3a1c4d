using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;
using Peregrine.Training.Features;
using Peregrine.Training.Fitting;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Tests.LightGbm;

/// <summary>The walker of Peregrine.Models against LightGBM's own: equal raw scores, bit for bit.</summary>
public sealed class TreePredictorOracleTests
{
    private const int Numbers = 4;
    private const int Width = 6;
    private static readonly double[] s_odd = [double.NaN, 0, -0.0, 1e-36, -1e-36, 1e-30, -0.5, 0.9, 49.9, -1, 1e10, -1e10, double.PositiveInfinity, double.NegativeInfinity];

    [Theory]
    [InlineData("binary", "")]
    [InlineData("binary", "use_missing=false")]
    [InlineData("binary", "zero_as_missing=true")]
    [InlineData("multiclass num_class=3", "")]
    [InlineData("regression", "")]
    [InlineData("regression", "zero_as_missing=true max_cat_to_onehot=64")]
    [InlineData("regression boosting=rf bagging_freq=1 bagging_fraction=0.6", "")]
    [InlineData("regression boosting=dart", "")]
    [InlineData("poisson", "")]
    public void Score_RandomModel_EqualsLightGbmBitForBit(string objective, string settings)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var outputs = objective.Contains("num_class") ? 3 : 1;
            var text = Train(random, objective, settings);
            var matrix = Rows(random, 2000, odd: true);

            var expected = Oracle(text, matrix, outputs);
            var actual = Ours(text, matrix, outputs, out var average);

            for (var at = 0; at < expected.Length; at++)
            {
                var wanted = average > 0 ? expected[at] / average : expected[at];
                BitConverter.DoubleToInt64Bits(actual[at]).ShouldBe(BitConverter.DoubleToInt64Bits(wanted), $"seed {seed}, row {at / outputs}");
            }
        }
    }

    [Fact]
    public void Score_TreesOfARealTable_EqualsLightGbmOnEveryTestRow()
    {
        var data = TrainingData.Create(new TrainingRequest { Table = SampleTables.Adult, Target = "salary" }, CancellationToken.None);
        using var rows = new TreeRows(data);
        rows.Make(CancellationToken.None);
        string text;
        using (var booster = new LightGbmBooster(rows.All, Objective.For(rows, data.Target)))
        {
            for (var tree = 0; tree < 100; tree++) booster.Grow();
            text = booster.Save();
        }

        var selection = InputSelection.For(data, rows.Features);
        var program = FeatureProgram.Compile(selection.Inputs, selection.Steps, rows.Features, data.Request.Lookups);
        var matrix = FeatureMatrix.Dense(program, data, data.Test, CancellationToken.None);
        var expected = Oracle(text, matrix, 1, program.Width);
        var model = CompiledModel.Compile(new ModelArtifact
        {
            Spec = new ModelSpec
            {
                Prediction = PredictionKind.BinaryClassification, Target = "salary", Classes = data.Target.Classes, Inputs = selection.Inputs,
                Features = rows.Features, Predictor = new TreePredictorSpec { Link = Link.Logistic },
            },
            Trees = LightGbmModelText.Parse(text).ToEnsemble(),
        });
        var filler = data.Table.Bind(model.Inputs);
        var context = model.Rent();
        for (var at = 0; at < data.Test.Length; at++)
        {
            filler.Fill(data.Test[at], context.Record);
            model.Score(context);
            BitConverter.DoubleToInt64Bits(context.Scores[0]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[at]), $"row {data.Test[at]}");
        }
    }

    private static string Train(Random random, string objective, string settings)
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
    private static double[] Rows(Random random, int count, bool odd)
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

    private static double[] Oracle(string text, double[] matrix, int outputs, int width = Width)
    {
        using var booster = LightGbmBooster.Load(text);
        return booster.Predict(matrix, matrix.Length / width, width, outputs, threads: 2);
    }

    private static double[] Ours(string text, double[] matrix, int outputs, out int average)
    {
        var trees = LightGbmModelText.Parse(text).ToEnsemble();
        average = trees.Average ? trees.Trees / trees.Outputs : 0;
        var model = CompiledModel.Compile(new ModelArtifact
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
        var scores = new double[matrix.Length / Width * outputs];
        var context = model.Rent();
        for (var row = 0; row < matrix.Length / Width; row++)
        {
            context.Record.Clear();
            for (var column = 0; column < Width; column++) context.Record.SetNumber(column, matrix[row * Width + column]);
            model.Score(context);
            context.Scores.CopyTo(scores.AsSpan(row * outputs));
        }

        return scores;
    }
}
