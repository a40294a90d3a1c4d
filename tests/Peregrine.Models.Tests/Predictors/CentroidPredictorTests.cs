using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Predictors;

public sealed class CentroidPredictorTests
{
    /// <summary>Distances of 3-4-5, 5-12-13 and 8-15-17 triangles.</summary>
    [Fact]
    public void Score_KnownTriangles_GivesTheirDistancesAndTheNearestCluster()
    {
        var result = ModelBuilder.Score(Plane([8, 15], [3, 4], [5, 12]), """{"x":0,"y":0}""");
        result.Scores.ToArray().ShouldBe([17.0, 5.0, 13.0]);
        result.PredictedClass.ShouldBe(1);
        result.Value.ShouldBe(5);
        result.Probabilities.IsEmpty.ShouldBeTrue();
        result.IgnoreReason.ShouldBeNull();
    }

    [Fact]
    public void Score_ScaledAndOneHotFeatures_MeasuresInTheirSpace()
    {
        var model = new ModelBuilder().Input("x").Input("c", FieldKind.Text)
            .Feature(new NumberFeature { Field = "x", Impute = 10, Center = 10, Scale = 4 }).Feature(new OneHotFeature { Field = "c", Values = ["a", "b"] })
            .Compile(spec => spec with { Prediction = PredictionKind.Clustering, Target = "", Classes = ["far", "near"], Predictor = Centroids([2, 1, 0], [0.5, 0, 1]) });
        // x = 14 is 1 in features; c = b is (0, 1): squares 1 + 1 + 1 and 0.25 + 0 + 0.
        var result = ModelBuilder.Score(model, """{"x":14,"c":"b"}""");
        result.Scores[0].ShouldBe(Math.Sqrt(3));
        result.Scores[1].ShouldBe(0.5);
        result.PredictedClass.ShouldBe(1);
        // Missing: x is imputed, no category is hot: squares 4 + 1 + 0 and 0.25 + 0 + 1.
        var missing = ModelBuilder.Score(model, "{}");
        missing.Scores[0].ShouldBe(Math.Sqrt(5));
        missing.Scores[1].ShouldBe(Math.Sqrt(1.25));
    }

    [Theory]
    [InlineData(2.0, 0)]
    [InlineData(2.0000001, 2)]
    public void Score_WithAnOutlierDistance_PutsFartherRecordsIntoTheLastClass(double x, int expected)
    {
        var model = Line(2, ["a", "b", "outliers"], 0, 9);
        ModelBuilder.Score(model, $$"""{"x":{{x.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}""").PredictedClass.ShouldBe(expected);
    }

    [Fact]
    public void Score_AsFarFromTwo_TakesTheFirst() => ModelBuilder.Score(Line(null, ["a", "b"], 1, 3), """{"x":2}""").PredictedClass.ShouldBe(0);

    [Theory]
    [InlineData("""{"x":null}""")]
    [InlineData("""{"x":1e300}""")]
    public void Score_RecordWithoutAFiniteDistance_IsIgnored(string record)
    {
        var result = ModelBuilder.Score(Line(null, ["a", "b"], 0, 9), record);
        result.IgnoreReason.ShouldBe("IGNORED_BY_MODEL");
        result.PredictedClass.ShouldBe(-1);
    }

    /// <summary>Numbers of clusters below, at and above the widths of vectors; the plain loop is what every machine must come to.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 7)]
    [InlineData(4, 5)]
    [InlineData(8, 40)]
    [InlineData(13, 9)]
    public void Score_RandomCentroids_GivesTheBitsOfThePlainSumInOneRowAndInBlocks(int clusters, int width)
    {
        var random = new Random(clusters * 100 + width);
        double[] Point() => [.. Enumerable.Range(0, width).Select(_ => random.NextDouble() * 20 - 10)];
        double[][] centroids = [.. Enumerable.Range(0, clusters).Select(_ => Point())];
        var builder = new ModelBuilder();
        for (var i = 0; i < width; i++) builder.Input($"x{i}").Feature(new NumberFeature { Field = $"x{i}" });
        var model = builder.Compile(spec => spec with
        {
            Prediction = PredictionKind.Clustering, Classes = [.. centroids.Select((_, at) => $"c{at}")], Predictor = Centroids(centroids),
        });
        var block = model.RentBlock();
        var points = Enumerable.Range(0, ScoringBlock.Rows).Select(_ => Point()).ToArray();
        for (var row = 0; row < points.Length; row++) Fill(block[row].Record, points[row]);
        model.Score(block, points.Length);
        for (var row = 0; row < points.Length; row++)
        {
            var single = model.Rent();
            Fill(single.Record, points[row]);
            model.Score(single);
            var plain = centroids.Select(centroid => PlainDistance(points[row], centroid)).ToArray();
            single.Scores.ToArray().ShouldBe(plain);
            block[row].Scores.ToArray().ShouldBe(plain);
            block[row].PredictedClass.ShouldBe(single.PredictedClass);
            single.PredictedClass.ShouldBe(Array.IndexOf(plain, plain.Min()));
        }
    }

    [Fact]
    public void Score_WarmContextAndBlock_AllocatesNothing()
    {
        var model = Plane([8, 15], [3, 4], [5, 12]);
        var (context, block) = (ModelBuilder.Score(model, """{"x":1,"y":2}"""), model.RentBlock());
        for (var i = 0; i < 100; i++) ScoreBoth();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) ScoreBoth();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void ScoreBoth()
        {
            model.Score(context);
            model.Score(block, ScoringBlock.Rows);
        }
    }

    [Fact]
    public void Read_WrittenModel_IsTheSameBytesAndScoresTheSameBits()
    {
        var artifact = new ModelBuilder().Build(spec => spec with
        {
            Prediction = PredictionKind.Clustering, Target = "", Classes = ["a", "b", "o"], Predictor = Centroids([0.1], [Math.PI]) with { OutlierDistance = 1.5 },
        });
        var bytes = artifact.ToBytes();
        var read = ModelArtifact.Read(new MemoryStream(bytes));
        read.ToBytes().ShouldBe(bytes);
        var (first, second) = (ModelBuilder.Score(CompiledModel.Compile(artifact), """{"x":0.7}"""), ModelBuilder.Score(CompiledModel.Compile(read), """{"x":0.7}"""));
        second.Scores.ToArray().ShouldBe(first.Scores.ToArray());
        ModelBuilder.Score(CompiledModel.Compile(read), """{"x":9}""").PredictedClass.ShouldBe(2);
    }

    [Fact]
    public void Compile_MalformedSpec_SaysWhatIsWrong()
    {
        Refused("two centroids", ["a"], Centroids([1.0]));
        Refused("do not fit 1 features", ["a", "b"], Centroids([1.0], [1.0, 2.0]));
        Refused("no finite number", ["a", "b"], Centroids([1.0], [double.NaN]));
        Refused("outlier distance", ["a", "b", "o"], Centroids([1.0], [2.0]) with { OutlierDistance = 0 });
        Refused("needs 2 classes", ["a", "b", "o"], Centroids([1.0], [2.0]));
        Refused("needs 3 classes", ["a", "b"], Centroids([1.0], [2.0]) with { OutlierDistance = 1 });
        Refused("same label", ["a", "a"], Centroids([1.0], [2.0]));
        Refused("link Nearest", ["a", "b"], Centroids([1.0], [2.0]) with { Link = Link.Identity });
        Refused("needs centroids", ["a", "b"], new LinearPredictorSpec { Link = Link.Nearest, Weights = [[1.0], [1.0]], Intercepts = [0, 0] });
        Should.Throw<ModelException>(() => new ModelBuilder().Compile(spec => spec with { Predictor = Centroids([1.0], [2.0]) })).Message.ShouldContain("needs the link Logistic");
        Should.Throw<ModelException>(() => Line(null, ["a", "b"], 0, 1).CreateExplainer(0)).Message.ShouldContain("no score to explain");
    }

    private static void Refused(string words, string[] classes, PredictorSpec predictor) =>
        Should.Throw<ModelException>(() => new ModelBuilder().Compile(spec => spec with { Prediction = PredictionKind.Clustering, Classes = classes, Predictor = predictor }))
            .Message.ShouldContain(words);

    private static CompiledModel Plane(params double[][] centroids) => new ModelBuilder().Input("x").Input("y")
        .Feature(new NumberFeature { Field = "x" }).Feature(new NumberFeature { Field = "y" })
        .Compile(spec => spec with { Prediction = PredictionKind.Clustering, Target = "", Classes = [.. centroids.Select((_, at) => $"cluster_{at}")], Predictor = Centroids(centroids) });

    private static CompiledModel Line(double? outlierDistance, string[] classes, params double[] centroids) => new ModelBuilder().Compile(spec => spec with
    {
        Prediction = PredictionKind.Clustering, Target = "", Classes = classes,
        Predictor = Centroids([.. centroids.Select(centre => (double[])[centre])]) with { OutlierDistance = outlierDistance },
    });

    private static CentroidPredictorSpec Centroids(params double[][] centroids) => new() { Link = Link.Nearest, Centroids = centroids };

    private static double PlainDistance(double[] point, double[] centroid)
    {
        var sum = 0.0;
        for (var i = 0; i < point.Length; i++) sum += (point[i] - centroid[i]) * (point[i] - centroid[i]);
        return Math.Sqrt(sum);
    }

    private static void Fill(TypedRecord record, double[] point)
    {
        record.Clear();
        for (var i = 0; i < point.Length; i++) record.SetNumber(i, point[i]);
    }
}
