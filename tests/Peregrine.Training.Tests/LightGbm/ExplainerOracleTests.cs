using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Explanations;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Training.Features;
using Peregrine.Training.Fitting;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Tests.LightGbm;

/// <summary>Shapley values of Peregrine.Models against LightGBM's own <c>predict_contrib</c>, and both against the raw score.</summary>
public sealed class ExplainerOracleTests
{
    /// <summary>Of the influences' absolute sum. LightGBM divides by what it has multiplied with, which costs it some digits.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Of the same sum: influences and base add up to the raw score.</summary>
    private const double AdditivityTolerance = 1e-11;

    private const int Width = RandomBooster.Width;

    [Theory]
    [InlineData("binary", "", 64 << 20)]
    [InlineData("binary", "", 0)]
    [InlineData("binary", "use_missing=false", 64 << 20)]
    [InlineData("binary", "zero_as_missing=true", 64 << 20)]
    [InlineData("multiclass num_class=3", "", 64 << 20)]
    [InlineData("regression", "", 64 << 20)]
    [InlineData("regression", "zero_as_missing=true max_cat_to_onehot=64", 0)]
    [InlineData("regression boosting=rf bagging_freq=1 bagging_fraction=0.6", "", 64 << 20)]
    [InlineData("regression boosting=dart", "", 64 << 20)]
    [InlineData("poisson", "", 0)]
    public void Explain_ModelOfNumbersCategoriesAndMissingValues_EqualsPredictContrib(string objective, string settings, long tableBytes)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var outputs = objective.Contains("num_class") ? 3 : 1;
            var text = RandomBooster.Train(random, objective, settings);
            var matrix = RandomBooster.Rows(random, 300, odd: true);
            var model = RandomBooster.Compile(text, outputs, out var average);
            using var booster = LightGbmBooster.Load(text);
            var expected = booster.Contributions(matrix, matrix.Length / Width, Width, outputs, threads: 2);
            var explainer = model.CreateExplainer(tableBytes);
            explainer.Fields.ShouldBe(["f0", "f1", "f2", "f3", "f4", "f5"]);
            for (var row = 0; row < matrix.Length / Width; row++)
            {
                var context = model.Rent();
                for (var column = 0; column < Width; column++) context.Record.SetNumber(column, matrix[row * Width + column]);
                model.Score(context);
                var output = explainer.Explain(context, ExplanationMethod.Shapley);
                var wanted = expected.AsSpan((row * outputs + output) * (Width + 1), Width + 1);
                Compare(context.Influences, explainer.Base[output], wanted, context.Scores[output], Math.Max(average, 1), $"seed {seed}, row {row}");
                model.Return(context);
            }
        }
    }

    [Fact]
    public void Explain_TreesOfARealTable_EqualsPredictContribOnTestRows()
    {
        var data = TrainingData.Create(new TrainingRequest { Table = SampleTables.Adult, Target = "salary" }, CancellationToken.None);
        using var rows = new TreeRows(data);
        rows.Make(CancellationToken.None);
        string text;
        using (var grown = new LightGbmBooster(rows.All, Objective.For(rows, data.Target)))
        {
            for (var tree = 0; tree < 100; tree++) grown.Grow();
            text = grown.Save();
        }

        var selection = InputSelection.For(data, rows.Features);
        var program = FeatureProgram.Compile(selection.Inputs, selection.Steps, rows.Features, data.Request.Lookups);
        var matrix = FeatureMatrix.Dense(program, data, data.Test, CancellationToken.None);
        var model = CompiledModel.Compile(new ModelArtifact
        {
            Spec = new ModelSpec
            {
                Prediction = PredictionKind.BinaryClassification, Target = "salary", Classes = data.Target.Classes, Inputs = selection.Inputs,
                Features = rows.Features, Predictor = new TreePredictorSpec { Link = Link.Logistic },
            },
            Trees = LightGbmModelText.Parse(text).ToEnsemble(),
        });
        var explainer = model.CreateExplainer(16 << 20);
        explainer.Fields.Count.ShouldBe(program.Width, "each field is one column, as LightGBM's are");
        const int asked = 500;
        using var booster = LightGbmBooster.Load(text);
        var expected = booster.Contributions(matrix[..(asked * program.Width)], asked, program.Width, 1, threads: 2);
        var filler = data.Table.Bind(model.Inputs);
        var context = model.Rent();
        for (var at = 0; at < asked; at++)
        {
            filler.Fill(data.Test[at], context.Record);
            model.Score(context);
            explainer.Explain(context, ExplanationMethod.Shapley);
            Compare(context.Influences, explainer.Base[0], expected.AsSpan(at * (program.Width + 1), program.Width + 1), context.Scores[0], 1, $"row {data.Test[at]}");
        }
    }

    /// <param name="wanted">LightGBM's, the expected score last.</param>
    /// <param name="trees">What LightGBM's sums are to be divided by.</param>
    private static void Compare(ReadOnlySpan<double> influences, double expectation, ReadOnlySpan<double> wanted, double score, int trees, string where)
    {
        var (size, sum) = (Math.Abs(expectation), expectation);
        foreach (var influence in influences) (size, sum) = (size + Math.Abs(influence), sum + influence);
        for (var field = 0; field < influences.Length; field++) influences[field].ShouldBe(wanted[field] / trees, Tolerance * size, $"{where}, field {field}");
        expectation.ShouldBe(wanted[^1] / trees, Tolerance * size, where);
        sum.ShouldBe(score, AdditivityTolerance * size, where);
    }
}
