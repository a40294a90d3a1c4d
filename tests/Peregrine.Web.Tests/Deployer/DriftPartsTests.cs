using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Web.Components;
using Peregrine.Web.Deployer;

namespace Peregrine.Web.Tests.Deployer;

public sealed class DriftPartsTests : BunitContext
{
    public DriftPartsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Table_TellsEachFieldWithItsFiguresAndItsBarsAsATable()
    {
        var table = Render<DriftTable>(p => p.Add(c => c.Title, "Feature").Add(c => c.Fields, Report(500).Features));
        var cells = table.FindAll("table.drift > tbody > tr:first-child > td").Select(cell => cell.TextContent.Trim()).ToList();
        cells[0].ShouldBe("Drifted");
        cells[2..].ShouldBe(["0.412", "< 0.0001", "62 %", "1.0 %", "0 %"]);
        table.FindAll("svg.pairs rect.live").Count.ShouldBe(3);
        table.Find("svg.pairs title").TextContent.ShouldBe("0 – 10: training 50 %, live 20 %");
        table.Find("table.bars tbody tr").TextContent.ShouldContain("0 – 10");
    }

    [Theory]
    [InlineData(500, Tone.Warn, "1 of 2 features drifted: amount. The predictions have not.")]
    [InlineData(20, Tone.Idle, "20 records in this window: too few to say anything. 100 are needed.")]
    public void Verdict_SaysInOneLineWhatIsWrong(long rows, Tone tone, string text) => DriftWords.Verdict(Report(rows)).ShouldBe((tone, text));

    [Fact]
    public void Verdict_WithoutDrift_IsGood() => DriftWords.Verdict(Report(500) with { Features = [Stable("age")] }).Tone.ShouldBe(Tone.Good);

    private static DriftReport Report(long rows) => new()
    {
        ServiceId = "fraud", EndpointId = "score", Generation = "v1", State = DriftState.Compared, Window = "1h", Rows = rows,
        Features =
        [
            new FieldDrift
            {
                Name = "amount", Kind = "NUMBER", Verdict = DriftVerdict.Drifted, Psi = 0.412, AdjustedP = 1e-9, Importance = 0.62, MissingLive = 0.01, Test = "KS",
                Statistic = 0.3, Histogram = [new DriftBar("0 – 10", 0.5, 0.2), new DriftBar("10 – 20", 0.5, 0.7)],
            },
            Stable("age"),
        ],
        Predictions = [Stable("probability")],
    };

    private static FieldDrift Stable(string name) => new()
    {
        Name = name, Kind = "NUMBER", Verdict = DriftVerdict.Stable, Psi = 0.01, AdjustedP = 0.6, Histogram = [new DriftBar("present", 1, 1)],
    };
}
