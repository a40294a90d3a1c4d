using Peregrine.Models.Explanations;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Tests.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Explanations;

public sealed class ExplainerTests
{
    private const double Tolerance = 1e-9;
    private const long Ample = 64L << 20;

    // Columns 2 and 3 are parts of one moment: one field.
    private static readonly int[] s_fieldOf = [0, 1, 2, 2, 3, 4, 5, 6];
    private const int Fields = 7;

    [Theory]
    [InlineData(2, Ample)]
    [InlineData(8, Ample)]
    [InlineData(31, Ample)]
    [InlineData(31, 40_000)] // room for some trees
    [InlineData(31, 0)]
    [InlineData(60, Ample)]
    [InlineData(200, Ample)]
    public void Explain_RandomTrees_EqualsTheSumOverAllSubsets(int leaves, long tableBytes)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var random = new Random(seed);
            var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 6, s_fieldOf.Length, leaves));
            var model = Model(trees);
            var explainer = model.CreateExplainer(tableBytes);
            explainer.TableBytes.ShouldBeLessThanOrEqualTo(tableBytes);
            explainer.Fields.Count.ShouldBe(Fields);
            for (var round = 0; round < 25; round++)
            {
                var row = RandomTrees.Row(random, trees);
                var truth = new BruteForce(trees, RowOf(model, row), s_fieldOf, Fields);
                var context = Score(model, row);
                explainer.Explain(context, ExplanationMethod.Shapley).ShouldBe(0);
                for (var field = 0; field < Fields; field++) context.Influences[field].ShouldBe(truth.Shapley(field), Tolerance);
                explainer.Base[0].ShouldBe(truth.Base, Tolerance);
                explainer.Explain(context, ExplanationMethod.Ice);
                for (var field = 0; field < Fields; field++) context.Influences[field].ShouldBe(truth.Ice(field), Tolerance);
                model.Return(context);
            }
        }
    }

    [Theory]
    [InlineData(Ample)]
    [InlineData(0)]
    public void Explain_BaseAndInfluences_SumToTheScore(long tableBytes)
    {
        var random = new Random(5);
        var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 80, s_fieldOf.Length, leaves: 31));
        var model = Model(trees);
        var explainer = model.CreateExplainer(tableBytes);
        for (var round = 0; round < 200; round++)
        {
            var context = Score(model, RandomTrees.Row(random, trees));
            explainer.Explain(context, ExplanationMethod.Shapley);
            var sum = explainer.Base[0];
            foreach (var influence in context.Influences) sum += influence;
            sum.ShouldBe(context.Scores[0], 1e-12 * 80);
            model.Return(context);
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    public void Explain_DeepTrees_TablesAndWalkAgree(int fields)
    {
        // Paths of more than eight fields need more quadrature nodes than shallow ones.
        var random = new Random(fields);
        var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 10, fields, leaves: 64));
        var fieldOf = Enumerable.Range(0, fields).ToArray();
        var model = Model(trees, fieldOf);
        var (tabled, walked) = (model.CreateExplainer(512L << 20), model.CreateExplainer(0));
        tabled.TableBytes.ShouldBeGreaterThan(0);
        for (var round = 0; round < 50; round++)
        {
            var context = Score(model, RandomTrees.Row(random, trees));
            tabled.Explain(context, ExplanationMethod.Shapley);
            var expected = context.Influences.ToArray();
            walked.Explain(context, ExplanationMethod.Shapley);
            for (var field = 0; field < fields; field++) context.Influences[field].ShouldBe(expected[field], 1e-12);
        }
    }

    [Fact]
    public void Explain_PublishedTree_GivesItsNumbers()
    {
        // Root x0 <= 0 (10 rows); left x1 <= 0: leaves 1 (2 rows), 2 (4); right x0 <= 5: leaves 3 (3), 10 (1).
        var trees = new TreeEnsemble
        {
            Width = 2, Outputs = 1, Average = false, Roots = [0], Feature = [0, 1, 0], Threshold = [0, 0, 5], Left = [1, ~0, ~2], Right = [2, ~1, ~3],
            Flags = [0, 0, 0], LeafValue = [1, 2, 3, 10], SetStarts = [0], SetWords = [], NodeCover = [10, 6, 4], LeafCover = [2, 4, 3, 1],
        };
        var model = Model(trees, [0, 1]);
        foreach (var tableBytes in (long[])[0, Ample])
        {
            var explainer = model.CreateExplainer(tableBytes);
            explainer.Base[0].ShouldBe(2.9, 1e-15);
            var context = Score(model, [7, -1]);
            explainer.Explain(context, ExplanationMethod.Shapley);
            context.Influences[0].ShouldBe(7.3, 1e-14);
            context.Influences[1].ShouldBe(-0.2, 1e-14);
            context = Score(model, [-1, 3]);
            explainer.Explain(context, ExplanationMethod.Shapley);
            context.Influences[0].ShouldBe(-1.1666667, 1e-7);
            context.Influences[1].ShouldBe(0.2666667, 1e-7);
        }
    }

    [Theory]
    [InlineData(Ample)]
    [InlineData(0)]
    public void Explain_SeveralClasses_ExplainsThePredictedOne(long tableBytes)
    {
        var random = new Random(9);
        var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 9, s_fieldOf.Length, leaves: 20), outputs: 3, average: true);
        var model = Model(trees, s_fieldOf, spec => spec with { Prediction = PredictionKind.Multiclass, Classes = ["a", "b", "c"] }, Link.Softmax);
        var explainer = model.CreateExplainer(tableBytes);
        var seen = new HashSet<int>();
        for (var round = 0; round < 50; round++)
        {
            var row = RandomTrees.Row(random, trees);
            var context = Score(model, row);
            var output = explainer.Explain(context, ExplanationMethod.Shapley);
            output.ShouldBe(context.PredictedClass);
            seen.Add(output);
            var truth = new BruteForce(trees, RowOf(model, row), s_fieldOf, Fields, output);
            explainer.Base[output].ShouldBe(truth.Base, Tolerance);
            for (var field = 0; field < Fields; field++) context.Influences[field].ShouldBe(truth.Shapley(field), Tolerance);
        }

        seen.Count.ShouldBe(3);
    }

    [Fact]
    public void Explain_Linear_IsTheWeightTimesTheDistanceFromTheMean()
    {
        var model = new ModelBuilder().Input("amount").Input("country", FieldKind.Text)
            .Feature(new NumberFeature { Field = "amount" }).Feature(new OneHotFeature { Field = "country", Values = ["FR", "GB"] })
            .Linear(0.5, 2, 1, -3)
            .Compile(spec => spec with { Predictor = (LinearPredictorSpec)spec.Predictor with { Means = [10, 0.5, 0.25] } });
        var explainer = model.CreateExplainer(0);
        explainer.Fields.ShouldBe(["amount", "country"]);
        explainer.Base[0].ShouldBe(0.5 + 20 + 0.5 - 0.75, 1e-12);
        var context = ModelBuilder.Score(model, """{"amount":12,"country":"GB"}""");
        explainer.Explain(context, ExplanationMethod.Shapley);
        context.Influences.ToArray().ShouldBe([4, -0.5 - 2.25], 1e-12);
        (explainer.Base[0] + context.Influences[0] + context.Influences[1]).ShouldBe(context.Scores[0], 1e-12);
    }

    [Fact]
    public void CreateExplainer_ModelWithoutCountsOrMeans_SaysSo()
    {
        var trees = RandomTrees.Make(new Random(1), 2, 3, 4);
        Should.Throw<ModelException>(() => Model(trees, [0, 1, 2]).CreateExplainer(Ample)).Message.ShouldContain("training rows");
        Should.Throw<ModelException>(() => new ModelBuilder().Compile().CreateExplainer(Ample)).Message.ShouldContain("means");
    }

    [Theory]
    [InlineData(Ample)]
    [InlineData(0)]
    public void Explain_Warm_AllocatesNothing(long tableBytes)
    {
        var random = new Random(3);
        var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 20, s_fieldOf.Length, leaves: 31));
        var model = Model(trees);
        var explainer = model.CreateExplainer(tableBytes);
        var context = Score(model, RandomTrees.Row(random, trees));
        explainer.Explain(context, ExplanationMethod.Shapley);
        explainer.Explain(context, ExplanationMethod.Ice);

        // The least of some rounds: the runtime itself may allocate on any thread that it compiles for.
        Enumerable.Range(0, 5).Min(_ => Allocated()).ShouldBe(0);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                explainer.Explain(context, ExplanationMethod.Shapley);
                explainer.Explain(context, ExplanationMethod.Ice);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Explain_ManyThreadsOnEmptyTables_GiveTheSameBits()
    {
        var random = new Random(4);
        var trees = RandomTrees.WithCovers(random, RandomTrees.Make(random, trees: 40, s_fieldOf.Length, leaves: 31));
        var model = Model(trees);
        var explainer = model.CreateExplainer(Ample);
        var rows = Enumerable.Range(0, 200).Select(_ => RandomTrees.Row(random, trees)).ToList();
        double[][] Run() => [.. rows.Select(row =>
        {
            var context = Score(model, row);
            explainer.Explain(context, ExplanationMethod.Shapley);
            double[] influences = [.. context.Influences];
            model.Return(context);
            return influences;
        })];
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Run, TestContext.Current.CancellationToken)));
        foreach (var other in all.Skip(1))
            for (var row = 0; row < rows.Count; row++) other[row].ShouldBe(all[0][row]);
    }

    [Fact]
    public void ExtractPlainly_RandomWords_MovesTheMaskedBitsTogether()
    {
        RowTables.ExtractPlainly(0b1011_0110, 0b1100_1010).ShouldBe(0b1001UL);
        var random = new Random(8);
        for (var i = 0; i < 1000; i++)
        {
            var (word, mask) = ((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
            RowTables.ExtractPlainly(word, mask).ShouldBe(RowTables.Extract(word, mask));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public void Quadrature_PowersBelowTwiceItsNodes_AreIntegratedExactly(int fields)
    {
        var quadrature = new Quadrature(fields);
        var nodes = quadrature.Vectors * 4;
        for (var power = 0; power < 2 * nodes; power++)
        {
            var sum = 0.0;
            for (var i = 0; i < nodes; i++) sum += quadrature.Weights[i / 4][i % 4] * Math.Pow(quadrature.Nodes[i / 4][i % 4], power);
            sum.ShouldBe(1.0 / (power + 1), 1e-14);
        }
    }

    private static CompiledModel Model(
        TreeEnsemble trees, int[]? fieldOf = null, Func<ModelSpec, ModelSpec>? change = null, Link link = Link.Logistic)
    {
        fieldOf ??= s_fieldOf;
        var builder = new ModelBuilder().Trees(trees, link);
        foreach (var field in fieldOf.Distinct()) builder.Input($"f{field}", FieldOfTwo(fieldOf, field) ? FieldKind.DateTime : FieldKind.Number);
        for (var column = 0; column < fieldOf.Length; column++)
        {
            var field = fieldOf[column];
            if (!FieldOfTwo(fieldOf, field)) builder.Feature(new NumberFeature { Field = $"f{field}" });
            else if (column > 0 && fieldOf[column - 1] == field) builder.Feature(new DatePartFeature { Field = $"f{field}", Part = DatePart.Epoch, Scale = -0.5 });
            else builder.Feature(new DatePartFeature { Field = $"f{field}", Part = DatePart.Epoch });
        }

        return builder.Compile(change);
    }

    private static bool FieldOfTwo(int[] fieldOf, int field) => fieldOf.Count(other => other == field) > 1;

    private static ScoringContext Score(CompiledModel model, double[] row)
    {
        var context = model.Rent();
        for (var slot = 0; slot < model.Inputs.Count; slot++) context.Record.SetNumber(slot, row[slot]);
        model.Score(context);
        return context;
    }

    /// <summary>The columns that the model makes of the first values of a row.</summary>
    private static double[] RowOf(CompiledModel model, double[] row)
    {
        var context = Score(model, row);
        double[] columns = [.. context.Features];
        model.Return(context);
        return columns;
    }
}
