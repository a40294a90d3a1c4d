using Peregrine.Training.Evaluation;
using Peregrine.Web.Components;
using Peregrine.Web.ModelReports;

namespace Peregrine.Web.Tests.ModelReports;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.97, 0.8, "Excellent", Tone.Good)]
    [InlineData(0.97, 0.42, "Good", Tone.Good)]
    [InlineData(0.97, 0.1, "Weak", Tone.Warn)]
    [InlineData(0.8, 0.9, "Fair", Tone.Warn)]
    [InlineData(0.51, 0.9, "No better than chance", Tone.Bad)]
    public void Of_RarePositives_LetsPrecisionHaveASay(double rocAuc, double averagePrecision, string headline, Tone tone)
    {
        var verdict = Verdict.Of(Reports.Binary(rocAuc, averagePrecision));
        verdict.Headline.ShouldBe(headline);
        verdict.Tone.ShouldBe(tone);
    }

    [Fact]
    public void Of_FewPositives_WarnsThatTheFiguresCanJump() =>
        Verdict.Of(Reports.Binary(positives: 40)).Trust[0].Text.ShouldStartWith("Only 40 positives");

    [Fact]
    public void Of_OneFieldThatDecidesAlone_AsksWhetherItIsKnownInTime() =>
        Verdict.Of(Reports.Binary(firstField: 0.9)).Trust[0].Text.ShouldStartWith("amount alone carries 90 %");

    [Fact]
    public void Of_BadCalibration_SaysNotToReadProbabilitiesAsARisk() =>
        Verdict.Of(Reports.Binary(calibrationError: 0.05)).Trust.ShouldContain(finding => finding.Tone == Tone.Warn && finding.Text.Contains("rank by them"));

    [Theory]
    [InlineData(0.75, "Clusters stand well apart", Tone.Good)]
    [InlineData(0.4, "Clusters touch", Tone.Warn)]
    [InlineData(0.1, "Hardly any structure", Tone.Warn)]
    public void Of_Clusters_GoesByTheirSilhouette(double silhouette, string headline, Tone tone)
    {
        var verdict = Verdict.Of(Reports.Clusters(silhouette));
        (verdict.Headline, verdict.Tone).ShouldBe((headline, tone));
        verdict.Says.ShouldStartWith("2 clusters explain 80 %");
        verdict.Trust.ShouldContain(finding => finding.Text.StartsWith("cluster_1 holds 5 rows only"));
    }

    [Fact]
    public void CalibrationError_OfBins_WeighsThemByRows() =>
        Verdict.CalibrationError([new CalibrationBin(0, 0.5, 300, 0.2, 0.1), new CalibrationBin(0.5, 1, 100, 0.9, 0.5)]).ShouldBe(0.175, 1e-12);
}
