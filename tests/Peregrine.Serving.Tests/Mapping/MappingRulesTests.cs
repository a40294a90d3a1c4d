using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Serving.Mapping;

namespace Peregrine.Serving.Tests.Mapping;

public sealed class MappingRulesTests
{
    [Fact]
    public void Check_SharesThatSumToOne_IsSound() => Check(("v1", 0.1), ("v2", 0.2), ("v3", 0.7)).ShouldBeEmpty();

    [Fact]
    public void Check_SharesThatDoNotSumToOne_NamesTheSum() => Check(("v1", 0.5), ("v2", 0.4)).ShouldHaveSingleItem().Message.ShouldContain("0.9");

    [Fact]
    public void Check_NoEntry_IsRefused() => Check().ShouldHaveSingleItem().Pointer.ShouldBe("/entries");

    [Fact]
    public void Check_GenerationTwice_PointsAtTheSecond() =>
        Check(("v1", 0.5), ("v1", 0.5)).ShouldHaveSingleItem().Pointer.ShouldBe("/entries/1/generation");

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(0.00001)]
    public void Check_ShareOutOfRange_PointsAtIt(double proba) => Check(("v1", 1), ("v2", proba)).ShouldContain(fault => fault.Pointer == "/entries/1/proba");

    private static IReadOnlyList<(string Pointer, string Message)> Check(params (string Generation, double Proba)[] entries) =>
        MappingRules.Check(new NodeMapping { Entries = [.. entries.Select(entry => new GenerationShare(entry.Generation, entry.Proba))] });
}
