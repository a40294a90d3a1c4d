using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training.Splitting;

namespace Peregrine.Training.Tests;

public sealed class TrainerTests
{
    [Theory]
    [InlineData("label")]
    [InlineData("kind")]
    [InlineData("value")]
    public void Train_EveryAlgorithm_LearnsWhatIsThere(string target)
    {
        var result = new Trainer().Train(new TrainingRequest { Table = SampleTables.MadeFor(target), Target = target });

        result.Models.Count.ShouldBe(3);
        (result.TrainRows + result.TestRows.Count).ShouldBe(2000);
        result.TestRows.Count.ShouldBeInRange(398, 402);
        foreach (var model in result.Models)
        {
            var evaluation = model.Evaluation;
            evaluation.Rows.ShouldBe(result.TestRows.Count);
            if (evaluation.Binary is { } binary)
            {
                binary.RocAuc.ShouldBeGreaterThan(0.98, model.Algorithm.ToString());
                binary.AtThreshold.F1.ShouldBeGreaterThan(0.9, model.Algorithm.ToString());
                model.Artifact.Spec.Percentiles!.Count.ShouldBe(100);
            }

            if (evaluation.Multiclass is { } several) several.Accuracy.ShouldBeGreaterThan(0.85, model.Algorithm.ToString());
            if (evaluation.Regression is { } number) number.RSquared.ShouldBeGreaterThan(0.95, model.Algorithm.ToString());
            model.Importance[0].Field.ShouldBe("x");
            model.Importance.Sum(field => field.Share).ShouldBe(1, 1e-9);
            model.Artifact.Spec.Inputs.ShouldNotContain(field => field.Name == "id" || field.Name == target);
            model.Artifact.Spec.IgnoredFields.ShouldContain("id");
            model.Artifact.Spec.IgnoredFields.ShouldContain(target);
        }
    }

    [Theory]
    [InlineData("label")]
    [InlineData("kind")]
    [InlineData("value")]
    public void Train_StoredModelOnJson_GivesTheBitsOfTheEvaluation(string target)
    {
        var table = SampleTables.MadeFor(target);
        var result = new Trainer().Train(new TrainingRequest { Table = table, Target = target });
        foreach (var trained in result.Models)
        {
            var node = CompiledModel.Compile(ModelArtifact.Read(new MemoryStream(trained.Bytes)));
            var reader = new RecordReader(node.Inputs, node.Spec.IgnoredFields, refuseUnknown: true, refuseMissing: true);
            var json = new JsonRowWriter(table, node.Inputs.Fields.Select(field => field.Name));
            var filler = table.Bind(trained.Compiled.Inputs);
            foreach (var row in result.TestRows)
            {
                var here = trained.Compiled.Rent();
                filler.Fill(row, here.Record);
                trained.Compiled.Score(here);
                var there = node.Rent();
                var scanner = new JsonScanner(json.ToUtf8(row));
                reader.Read(ref scanner, there.Record).IsNone.ShouldBeTrue();
                node.Score(there);

                there.Probabilities.SequenceEqual(here.Probabilities).ShouldBeTrue($"{trained.Algorithm}, row {row}");
                BitConverter.DoubleToInt64Bits(there.Value).ShouldBe(BitConverter.DoubleToInt64Bits(here.Value));
                there.PredictedClass.ShouldBe(here.PredictedClass);
                there.Percentile.ShouldBe(here.Percentile);
                trained.Compiled.Return(here);
                node.Return(there);
            }
        }
    }

    [Theory]
    [InlineData("label", 30)]
    [InlineData("kind", 60)]
    [InlineData("value", 30)]
    public void Train_TinyTable_GivesModelsAndWarnings(string target, int rows)
    {
        var result = new Trainer().Train(new TrainingRequest { Table = SampleTables.MadeFor(target, rows), Target = target });

        result.Models.Count.ShouldBe(3);
        result.Models.ShouldAllBe(model => model.Evaluation.Rows == result.TestRows.Count);
        if (target != "value") result.Plan.Warnings.ShouldContain(warning => warning.Contains("figures are not firm"));
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameBytes()
    {
        var request = new TrainingRequest { Table = SampleTables.MadeFor("label"), Target = "label" };

        var first = new Trainer().Train(request);
        var second = new Trainer().Train(request);

        for (var at = 0; at < first.Models.Count; at++) second.Models[at].Bytes.ShouldBe(first.Models[at].Bytes, first.Models[at].Algorithm.ToString());
        second.TestRows.ShouldBe(first.TestRows);
    }

    [Fact]
    public void Train_TimeSplit_TestsOnTheLatestRows()
    {
        var result = new Trainer().Train(new TrainingRequest
        {
            Table = SampleTables.MadeFor("label"), Target = "label", Split = new TimeSplit { Column = "at" }, Algorithms = [TrainingAlgorithm.GradientBoostedTrees],
        });

        result.TestRows.ShouldBe(Enumerable.Range(1600, 400));
        result.Best.Evaluation.Binary!.RocAuc.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Train_UnusedStepsAndColumns_AreNotAskedOfCallers()
    {
        var request = new TrainingRequest
        {
            Table = SampleTables.MadeFor("label"), Target = "label", Ignore = ["at", "born"], Algorithms = [TrainingAlgorithm.LinearModel],
            Steps = [new RatioStep { Numerator = "x", Denominator = "y", Output = "ratio" }, new ElapsedStep { From = "born", To = "at", Output = "age" }, new FillStep { Field = "color", Value = "none" }],
            Handling = new Dictionary<string, Training.Planning.ColumnHandling> { ["age"] = Training.Planning.ColumnHandling.Reject },
        };

        var spec = new Trainer().Train(request).Best.Artifact.Spec;

        spec.Steps.Count.ShouldBe(2);
        spec.Inputs.Select(field => field.Name).ShouldBe(["x", "y", "color"]);
    }

    [Fact]
    public void Train_Lookup_TravelsInTheModelAndTakesItsKeyFromAnIgnoredColumn()
    {
        var made = SampleTables.MadeFor("label");
        var ids = (TextColumn)made.Find("id")!;
        var limit = Enumerable.Range(0, made.Rows).Select(row => made.Find("label")!.Text(row) == "yes" ? 1.0 : row % 3).ToArray();
        var lookup = new LookupTable(
            [.. Enumerable.Range(0, made.Rows).Select(row => ids.Utf8(row).ToArray())], [new LookupTableColumn(new Field("limit", FieldKind.Number), limit)]);
        var request = new TrainingRequest
        {
            Table = made, Target = "label", Ignore = ["id"], Algorithms = [TrainingAlgorithm.GradientBoostedTrees],
            Steps = [new LookupStep { Table = "limits", Key = "id", Columns = [new LookupColumn("limit")] }],
            Lookups = new Dictionary<string, LookupTable> { ["limits"] = lookup, ["unused"] = lookup },
        };

        var model = new Trainer().Train(request).Best;

        model.Artifact.Lookups.Keys.ShouldBe(["limits"]);
        model.Artifact.Spec.Inputs.ShouldContain(field => field.Name == "id");
        model.Importance.ShouldContain(field => field.Field == "limit" && field.Share > 0);
    }

    [Fact]
    public void Train_LookupThatIgnoresRepeatedKeys_LearnsFromNoSuchRowAndTheModelScoresNone()
    {
        const int Repeated = 100;
        var made = SampleTables.MadeFor("label");
        var ids = (TextColumn)made.Find("id")!;
        int[] rows = [.. Enumerable.Range(0, made.Rows), .. Enumerable.Range(0, Repeated)];
        var lookup = LookupTable.OfFirstRows(
            [.. rows.Select(row => ids.Utf8(row).ToArray())],
            [new LookupTableColumn(new Field("limit", FieldKind.Number), [.. rows.Select(row => made.Find("label")!.Text(row) == "yes" ? 1.0 : row % 3)])], marksRepeated: true);
        var request = new TrainingRequest
        {
            Table = made, Target = "label", Ignore = ["id"], Algorithms = [TrainingAlgorithm.GradientBoostedTrees],
            Steps = [new LookupStep { Table = "limits", Key = "id", Columns = [new LookupColumn("limit")], OnMultiple = MultipleMatches.Ignore }],
            Lookups = new Dictionary<string, LookupTable> { ["limits"] = lookup },
        };

        var result = new Trainer().Train(request);

        (result.TrainRows + result.TestRows.Count).ShouldBe(made.Rows - Repeated);
        result.TestRows.ShouldAllBe(row => row >= Repeated);
        result.Plan.Warnings.ShouldContain("100 rows were left out: the key of a lookup stands in several rows of its table.");
        var model = CompiledModel.Compile(ModelArtifact.Read(new MemoryStream(result.Best.Bytes)));
        model.Spec.FormatVersion.ShouldBe(2);
        foreach (var (row, reason) in new[] { (0, IgnoreReasons.MultipleLookupMatches), (Repeated, (string?)null) })
        {
            var context = model.Rent();
            made.Bind(model.Inputs).Fill(row, context.Record);
            model.Score(context);
            context.IgnoreReason.ShouldBe(reason);
        }
    }

    [Fact]
    public void Train_Progress_RisesToOneAndNamesTheAlgorithms()
    {
        var reports = new Collector();

        new Trainer().Train(new TrainingRequest { Table = SampleTables.MadeFor("label"), Target = "label" }, reports);

        reports.Items.Select(report => report.Fraction).ShouldBeInOrder();
        reports.Items[^1].Fraction.ShouldBe(1);
        reports.Items.Select(report => report.Algorithm).OfType<TrainingAlgorithm>().Distinct().Count().ShouldBe(3);
        reports.Items.ShouldContain(report => report.Trees > 10);
    }

    [Fact]
    public void Train_Cancelled_Ends()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Collector { Seen = report => { if (report.Trees > 3) stop.Cancel(); } };

        Should.Throw<OperationCanceledException>(() => new Trainer().Train(
            new TrainingRequest { Table = SampleTables.MadeFor("label"), Target = "label", Algorithms = [TrainingAlgorithm.GradientBoostedTrees] }, progress, stop.Token));
    }

    private sealed class Collector : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Items { get; } = [];

        public Action<TrainingProgress>? Seen { get; init; }

        public void Report(TrainingProgress value)
        {
            Items.Add(value);
            Seen?.Invoke(value);
        }
    }
}
