using Peregrine.Web.ModelReports;

namespace Peregrine.Web.Tests.ModelReports;

public sealed class ModelReportTests
{
    [Fact]
    public void MoveTo_AnotherThreshold_MovesMatrixMarksAndCostTogether()
    {
        var report = new ModelReport(Reports.Binary()) { MissCost = 50, AlarmCost = 1 };
        report.At!.Threshold.ShouldBe(0.5);
        report.Cost.ShouldBe(50 * 50 + 50);

        report.MoveTo(0);

        report.At!.Threshold.ShouldBe(0.1);
        report.Confusion[1].ShouldBe([0L, 200L]);
        report.RocMark!.Value.Y.ShouldBe(1);
        report.Cost.ShouldBe(900);
    }

    [Fact]
    public void MoveToCheapest_FollowsTheCosts()
    {
        var report = new ModelReport(Reports.Binary()) { MissCost = 1, AlarmCost = 100 };
        report.MoveToCheapest();
        report.At!.Threshold.ShouldBe(0.9);
        report.MoveBack();
        report.At!.Threshold.ShouldBe(0.5);
    }
}
