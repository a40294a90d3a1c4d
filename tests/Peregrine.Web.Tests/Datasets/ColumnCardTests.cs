using Peregrine.Datasets.Profiles;
using Peregrine.Records;
using Peregrine.Web.Datasets;

namespace Peregrine.Web.Tests.Datasets;

public sealed class ColumnCardTests
{
    [Fact]
    public void Of_ANumberColumn_ShowsRangeMeanAndHistogram()
    {
        var card = ColumnCard.Of(Profile(FieldKind.Number, distinct: 100) with
        {
            Missing = 5,
            Numbers = new NumberProfile(1, 12394.5, 71.8123, 10, [], [new(1, 6000, 90), new(6000, 12394.5, 5)]),
        });
        card.Summary.ShouldBe("1 to 12,395, mean 71.81");
        card.Bars.ShouldBe([90, 5]);
        card.MissingShare.ShouldBe(0.05);
        card.IsNumeric.ShouldBeTrue();
    }

    [Fact]
    public void Of_ATextColumn_ShowsItsMostFrequentValue()
    {
        var card = ColumnCard.Of(Profile(FieldKind.Text, distinct: 2) with { Top = [new("card", 70), new("cash", 30)] });
        card.Summary.ShouldBe("2 values, most: card");
        card.Bars.ShouldBe([70, 30]);
    }

    [Fact]
    public void Of_AMomentColumn_ShowsItsDays()
    {
        var card = ColumnCard.Of(Profile(FieldKind.DateTime, distinct: 90) with { Numbers = new NumberProfile(1704067200, 1735603200, 0, 0, [], []) });
        card.Summary.ShouldBe("2024-01-01 to 2024-12-31");
    }

    private static ColumnProfile Profile(FieldKind kind, int distinct) => new() { Name = "c", Kind = kind, Rows = 100, Missing = 0, Distinct = distinct };
}
