using Peregrine.Models.Drift;
using Peregrine.Models.Preparation;
using Peregrine.Training.Planning;
using Peregrine.Training.Reference;

namespace Peregrine.Training.Tests.Reference;

public sealed class ReferenceMakerTests
{
    [Theory]
    [InlineData("label")]
    [InlineData("kind")]
    [InlineData("value")]
    public void Train_EveryModel_CarriesAReferenceOfItsInputsAndPredictions(string target)
    {
        var result = new Trainer().Train(new TrainingRequest { Table = SampleTables.MadeFor(target), Target = target });
        foreach (var model in result.Models)
        {
            var reference = model.Artifact.Reference!;
            reference.Inputs.Select(field => field.Name).ShouldBe(model.Artifact.Spec.Inputs.Select(field => field.Name));
            reference.Inputs.ShouldAllBe(field => field.Counts.Sum() == result.TrainRows);
            reference.Predictions.ShouldAllBe(field => field.Counts.Sum() == result.TestRows.Count);
            reference.Inputs.Sum(field => field.Importance).ShouldBe(1, 1e-9);
            reference.Inputs.MaxBy(field => field.Importance)!.Name.ShouldBe("x");
            var fields = reference.Inputs.ToDictionary(field => field.Name);
            fields["x"].Edges.Count.ShouldBe(FieldReference.MostEdges);
            fields["x"].Counts[0].ShouldBe(0);
            fields["x"].Counts[^2].ShouldBe(0);
            fields["x"].Counts.Skip(1).SkipLast(2).ShouldAllBe(count => count >= 5 && count <= 25);
            if (fields.TryGetValue("at", out var at)) at.Kind.ShouldBe(ReferenceKind.HourOfDay);
            if (fields.TryGetValue("color", out var color))
            {
                color.Values.Order().ShouldBe(["blue", "green", "red"]);
                color.Counts[0].ShouldBeGreaterThanOrEqualTo(color.Counts[1]);
                color.Counts[^1].ShouldBeInRange(40, 140); // a twentieth of the rows has none
            }
        }
    }

    [Fact]
    public void Train_OnTheTimeBetweenTwoMoments_ComparesNeitherByItsDate()
    {
        var model = new Trainer().Train(new TrainingRequest
        {
            Table = SampleTables.MadeFor("label"), Target = "label", Algorithms = [TrainingAlgorithm.LinearModel],
            Steps = [new ElapsedStep { From = "born", To = "at", Output = "age" }],
            Handling = new Dictionary<string, ColumnHandling> { ["at"] = ColumnHandling.Reject, ["born"] = ColumnHandling.Reject, ["age"] = ColumnHandling.Number },
        }).Models[0];
        var kinds = model.Artifact.Reference!.Inputs.ToDictionary(field => field.Name, field => field.Kind);
        kinds["at"].ShouldBe(ReferenceKind.HourOfDay);
        kinds["born"].ShouldBe(ReferenceKind.Number);
        model.Artifact.Reference.Inputs.Sum(field => field.Importance).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Train_Twice_GivesTheSameReferenceToTheByte()
    {
        byte[][] bytes = [.. Enumerable.Range(0, 2).Select(_ => new Trainer().Train(new TrainingRequest
        {
            Table = SampleTables.MadeFor("label"), Target = "label", Algorithms = [TrainingAlgorithm.LinearModel],
        }).Models[0].Bytes)];
        bytes[0].ShouldBe(bytes[1]);
    }

    [Fact]
    public void Edges_OfFewValues_AreTheValuesThemselves()
    {
        QuantileEdges.Of([2, 1, double.NaN, 2, 7]).ShouldBe([Math.BitDecrement(1), 1, 2, 7]);
        QuantileEdges.Of([double.NaN]).ShouldBeEmpty();
        var most = QuantileEdges.Of([.. Enumerable.Range(0, 500_000).Select(i => (double)i)]);
        most.Length.ShouldBe(FieldReference.MostEdges);
        most[^1].ShouldBe(499_999);
        most.ShouldBe(most.Distinct().Order());
    }

    [Fact]
    public void Importance_OfWhatAStepMade_GoesToWhatItWasMadeFrom()
    {
        PreparationStep[] steps =
        [
            new LookupStep { Table = "cards", Key = "card", Columns = [new LookupColumn("usual")] },
            new FillStep { Field = "amount", Value = "0" },
            new RatioStep { Numerator = "amount", Denominator = "usual", Output = "ratio" },
        ];
        var shares = InputImportance.Of([new("ratio", 0.6), new("amount", 0.3), new("usual", 0.1)], steps);
        shares["amount"].ShouldBe(0.6, 1e-12);
        shares["card"].ShouldBe(0.4, 1e-12);
        shares.Keys.Order().ShouldBe(["amount", "card"]);
    }
}
