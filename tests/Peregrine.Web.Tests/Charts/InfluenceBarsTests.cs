using System.Text.Json;
using Bunit;
using Peregrine.Web.Charts;

namespace Peregrine.Web.Tests.Charts;

public sealed class InfluenceBarsTests : BunitContext
{
    private const string Result = """{"prediction":"1","explanations":{"hour":-0.25,"amount":1.5,"distance":-0.75,"odd":null}}""";

    [Fact]
    public void Of_AResult_ReadsInfluencesWithTheirValuesLargestFirst() =>
        Influence.Of(JsonElement.Parse(Result), JsonElement.Parse("""{"hour":null,"amount":12.50,"note":"x"}""")).ShouldBe(
            [new("amount", "12.50", 1.5), new("distance", null, -.75), new("hour", "missing", -.25)]);

    [Theory]
    [InlineData("""{"prediction":"1"}""")]
    [InlineData("""{"explanations":null}""")]
    [InlineData("[]")]
    public void Of_AResultWithoutExplanations_IsEmpty(string result)
    {
        Influence.Of(JsonElement.Parse(result), default).ShouldBeEmpty();
        Render<InfluenceBars>(bars => bars.Add(b => b.Items, [])).Markup.ShouldBeEmpty();
    }

    [Fact]
    public void Bars_GoToTheSideOfTheirSign_HalfTheTrackForTheLargest()
    {
        var bars = Render<InfluenceBars>(parameters => parameters.Add(b => b.Items, Influence.Of(JsonElement.Parse(Result), default)));
        var rows = bars.FindAll("li");
        rows.Select(row => row.ClassList.Contains("raises")).ShouldBe([true, false, false]);
        rows.Select(row => row.QuerySelector(".bar")!.GetAttribute("style")).ShouldBe(["width:50%", "width:25%", "width:8.33%"]);
        rows.Select(row => row.QuerySelector(".amount")!.TextContent.Trim()).ShouldBe(["+1.5", "\u22120.75", "\u22120.25"]);
        rows.Select(row => row.QuerySelector(".amount svg")!.GetAttribute("aria-label")).ShouldBe(["raises it by", "lowers it by", "lowers it by"]);
    }
}
