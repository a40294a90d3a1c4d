using Peregrine.Models.Features;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Features;

public sealed class FeatureProgramTests
{
    [Theory]
    [InlineData(DatePart.Hour, 10)]
    [InlineData(DatePart.TimeOfDay, 10.5)]
    [InlineData(DatePart.DayOfWeek, 3)]
    [InlineData(DatePart.DayOfMonth, 29)]
    [InlineData(DatePart.Month, 2)]
    [InlineData(DatePart.DayOfYear, 60)]
    [InlineData(DatePart.Year, 2024)]
    [InlineData(DatePart.Epoch, 1709202600)]
    public void DatePart_OfALeapDay_IsTheCalendars(DatePart part, double expected) =>
        Features(FieldKind.DateTime, "\"2024-02-29 10:30:00\"", new DatePartFeature { Field = "f", Part = part }).ShouldBe([expected]);

    [Theory]
    [InlineData("\"1969-12-28 23:00:00\"", 6)] // a Sunday before the epoch
    [InlineData("\"1970-01-01\"", 3)]
    public void DayOfWeek_AroundTheEpoch_CountsFromMonday(string moment, double expected) =>
        Features(FieldKind.DateTime, moment, new DatePartFeature { Field = "f", Part = DatePart.DayOfWeek }).ShouldBe([expected]);

    [Fact]
    public void DateCycle_SixOClock_IsAQuarterTurn()
    {
        var columns = Features(FieldKind.DateTime, "\"2024-01-01 06:00:00\"", new DateCycleFeature { Field = "f", Part = DatePart.Hour });
        columns[0].ShouldBe(1, 1e-15);
        columns[1].ShouldBe(0, 1e-15);
        Features(FieldKind.DateTime, "null", new DateCycleFeature { Field = "f", Part = DatePart.Hour }).ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData("5", 1.5)]
    [InlineData("null", -0.5)]
    public void Number_ImputedAndScaled(string value, double expected) =>
        Features(FieldKind.Number, value, new NumberFeature { Field = "f", Impute = 1, Center = 2, Scale = 2 }).ShouldBe([expected]);

    [Theory]
    [InlineData("\"b\"", 1)]
    [InlineData("\"zz\"", 2)]
    [InlineData("null", 3)]
    public void Category_HasItsCode(string value, double expected) =>
        Features(FieldKind.Text, value, new CategoryFeature { Field = "f", Values = ["a", "b"], OtherHasCode = true, MissingHasCode = true }).ShouldBe([expected]);

    [Fact]
    public void Category_WithoutCodesForTheRest_IsMissing() =>
        Features(FieldKind.Text, "\"zz\"", new CategoryFeature { Field = "f", Values = ["a"] }).ShouldBe([double.NaN]);

    [Theory]
    [InlineData("\"b\"", new double[] { 0, 1, 0, 0 })]
    [InlineData("\"zz\"", new double[] { 0, 0, 1, 0 })]
    [InlineData("null", new double[] { 0, 0, 0, 1 })]
    public void OneHot_SetsOneColumn(string value, double[] expected) =>
        Features(FieldKind.Text, value, new OneHotFeature { Field = "f", Values = ["a", "b"], Other = true, Missing = true }).ShouldBe(expected);

    [Theory]
    [InlineData("\"b\"", 3)]
    [InlineData("\"zz\"", 1)]
    [InlineData("null", 0)]
    public void Impact_GivesTheLearntNumber(string value, double expected) =>
        Features(FieldKind.Text, value, new ImpactFeature { Field = "f", Values = ["a", "b"], Encodings = [5, 7], Other = 3, Missing = 1, Center = 1, Scale = 2 })
            .ShouldBe([expected]);

    [Theory]
    [InlineData(FieldKind.Text, "null", 1)]
    [InlineData(FieldKind.Text, "\"a\"", 0)]
    [InlineData(FieldKind.Number, "null", 1)]
    [InlineData(FieldKind.Number, "0", 0)]
    public void MissingFlag_TellsMissingFromGiven(FieldKind kind, string value, double expected) =>
        Features(kind, value, new MissingFlagFeature { Field = "f" }).ShouldBe([expected]);

    [Fact]
    public void Compile_FeatureOfAnotherKind_IsRefused() =>
        Should.Throw<ModelException>(() => Features(FieldKind.Number, "1", new OneHotFeature { Field = "f", Values = [] })).Message.ShouldContain("cannot read a Number");

    private static double[] Features(FieldKind kind, string value, FeatureSpec feature)
    {
        var width = feature.Columns().Count();
        var model = new ModelBuilder().Input("f", kind).Feature(feature).Linear(0, new double[width]).Compile();
        return ModelBuilder.Score(model, $$"""{"f":{{value}}}""").Features.ToArray();
    }
}
