using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Tests;

public sealed class CompiledModelTests
{
    [Fact]
    public void Score_LogisticModel_GivesProbabilitiesAndClass()
    {
        var model = new ModelBuilder().Linear(intercept: 1, weights: 2).Compile();
        var result = ModelBuilder.Score(model, """{"x":0.5}""");
        result.Probabilities[1].ShouldBe(1 / (1 + Math.Exp(-2)));
        result.Probabilities[0].ShouldBe(1 - result.Probabilities[1]);
        result.PredictedClass.ShouldBe(1);
    }

    [Theory]
    [InlineData(0.88, 1)]
    [InlineData(0.89, 0)]
    public void Score_AtTheThreshold_DecidesTheClass(double threshold, int expected)
    {
        var model = new ModelBuilder().Linear(2, 0).Compile(spec => spec with { Threshold = threshold }); // P = 0.8808
        ModelBuilder.Score(model, """{"x":0}""").PredictedClass.ShouldBe(expected);
    }

    [Theory]
    [InlineData(-9, 0)]
    [InlineData(0, 50)]
    [InlineData(9, 100)]
    public void Score_WithPercentileCuts_SaysHowManyLieBelow(double score, int expected)
    {
        var cuts = Enumerable.Range(1, 100).Select(i => (i - 0.5) / 100).ToArray();
        var model = new ModelBuilder().Linear(score, 0).Compile(spec => spec with { Percentiles = cuts });
        ModelBuilder.Score(model, """{"x":0}""").Percentile.ShouldBe(expected);
    }

    [Fact]
    public void Score_Softmax_IsStableForLargeScores()
    {
        var model = new ModelBuilder().Compile(spec => spec with
        {
            Prediction = PredictionKind.Multiclass, Classes = ["a", "b", "c"],
            Predictor = new LinearPredictorSpec { Link = Link.Softmax, Weights = [[1.0], [1.0], [1.0]], Intercepts = [1000, 1001, 0] },
        });
        var result = ModelBuilder.Score(model, """{"x":1}""");
        result.Probabilities[1].ShouldBe(Math.E / (1 + Math.E), 1e-15);
        result.PredictedClass.ShouldBe(1);
    }

    [Fact]
    public void Score_DroppedRow_SaysWhyAndScoresNothing()
    {
        var model = new ModelBuilder().Compile(spec => spec with { DropIfMissing = ["x"] });
        ModelBuilder.Score(model, """{"x":null}""").IgnoreReason.ShouldBe("IGNORED_BY_MODEL");
        ModelBuilder.Score(model, """{"x":1}""").IgnoreReason.ShouldBeNull();
    }

    [Fact]
    public void Score_ContextUsedBefore_DoesNotRememberTheLastRow()
    {
        var model = new ModelBuilder().Input("x").Input("c", FieldKind.Text)
            .Feature(new NumberFeature { Field = "x", Impute = 0 }).Feature(new OneHotFeature { Field = "c", Values = ["a"] })
            .Linear(0, 1, 5).Compile();
        var first = ModelBuilder.Score(model, """{"x":3,"c":"a"}""");
        first.Scores[0].ShouldBe(8);
        model.Return(first);
        ModelBuilder.Score(model, "{}").Scores[0].ShouldBe(0);
    }

    [Fact]
    public void Score_WarmContext_AllocatesNothing()
    {
        var model = new ModelBuilder().Compile();
        var context = ModelBuilder.Score(model, """{"x":1}""");
        for (var i = 0; i < 100; i++) model.Score(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) model.Score(context);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Compile_PartsThatDoNotFit_SaysWhich()
    {
        Should.Throw<ModelException>(() => new ModelBuilder().Linear(0, 1, 2).Compile()).Message.ShouldContain("do not fit 1 features");
        Should.Throw<ModelException>(() => new ModelBuilder().Compile(spec => spec with { Classes = ["0", "1", "2"] })).Message.ShouldContain("needs 2 classes");
        Should.Throw<ModelException>(() => new ModelBuilder().Feature(new NumberFeature { Field = "z" }).Compile()).Message.ShouldContain("'z'");
        Should.Throw<ModelException>(() => new ModelBuilder().Compile(spec => spec with { DropIfMissing = ["q"] })).Message.ShouldContain("'q'");
    }
}
