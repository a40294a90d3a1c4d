using Peregrine.Datasets.Tables;
using Peregrine.Records;
using Peregrine.Training.Planning;
using Peregrine.Training.Splitting;

namespace Peregrine.Training.Tests.Splitting;

public sealed class RowSplitterTests
{
    [Fact]
    public void Random_RareClass_StandsInEqualSharesOnBothSides()
    {
        var target = Target([.. Enumerable.Range(0, 1000).Select(row => row % 50 == 0 ? 1.0 : 0)]);

        var (train, test) = RowSplitter.Split(SampleTables.Made(1000), target, new RandomSplit());

        train.Length.ShouldBe(800);
        test.Length.ShouldBe(200);
        train.Intersect(test).ShouldBeEmpty();
        train.Count(row => target.ClassOf(row) == 1).ShouldBe(16);
        train.ShouldBeInOrder();
        RowSplitter.Split(SampleTables.Made(1000), target, new RandomSplit()).Test.ShouldBe(test);
        RowSplitter.Split(SampleTables.Made(1000), target, new RandomSplit { Seed = 2 }).Test.ShouldNotBe(test);
    }

    [Fact]
    public void Random_Regression_LeavesTheTargetsRowsInOrder()
    {
        var target = Target([.. Enumerable.Range(0, 100).Select(row => (double)row)], Models.PredictionKind.Regression);

        RowSplitter.Split(SampleTables.Made(100), target, new RandomSplit()).Train.Length.ShouldBe(80);

        target.Rows.ShouldBeInOrder();
    }

    [Fact]
    public void Time_EqualMoments_StayOnOneSide()
    {
        double[] days = [5, 1, 4, 4, 4, 2, 3, 4, 4, 9];
        var table = new Table([new NumberColumn(new Field("day", FieldKind.Date), [.. days.Select(day => day * 86_400)])]);
        var target = Target([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);

        var (train, test) = RowSplitter.Split(table, target, new TimeSplit { Column = "day", TrainShare = 0.5 });

        train.Max(row => days[row]).ShouldBeLessThan(test.Min(row => days[row]));
        test.ShouldBe([0, 9]);
    }

    [Fact]
    public void Time_BadColumn_IsRefusedByName()
    {
        var table = SampleTables.Made(100);
        var target = Target(new double[100]);

        Refusal("collor").ShouldSatisfyAllConditions(
            fault => fault.Code.ShouldBe(TrainingErrorCode.UnknownColumn), fault => fault.Hint.ShouldContain("'color'"));
        Refusal("color").Code.ShouldBe(TrainingErrorCode.TimeColumnUnusable);
        Refusal("y").ShouldSatisfyAllConditions(
            fault => fault.Code.ShouldBe(TrainingErrorCode.TimeColumnUnusable), fault => fault.Row.ShouldNotBeNull());

        TrainingException Refusal(string column) =>
            Should.Throw<TrainingException>(() => RowSplitter.Split(table, target, new TimeSplit { Column = column }));
    }

    private static TargetValues Target(double[] values, Models.PredictionKind kind = Models.PredictionKind.BinaryClassification) => new()
    {
        Name = "t", Prediction = kind, Classes = kind == Models.PredictionKind.Regression ? [] : ["0", "1"],
        Rows = [.. Enumerable.Range(0, values.Length)], Values = values,
    };
}
