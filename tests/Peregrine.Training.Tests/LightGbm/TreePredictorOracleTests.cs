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
    private const int Width = RandomBooster.Width;

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
            var text = RandomBooster.Train(random, objective, settings);
            var matrix = RandomBooster.Rows(random, 2000, odd: true);

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

    private static double[] Oracle(string text, double[] matrix, int outputs, int width = Width)
    {
        using var booster = LightGbmBooster.Load(text);
        return booster.Predict(matrix, matrix.Length / width, width, outputs, threads: 2);
    }

    private static double[] Ours(string text, double[] matrix, int outputs, out int average)
    {
        var model = RandomBooster.Compile(text, outputs, out average);
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
