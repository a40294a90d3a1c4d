using Peregrine.Models.Drift;

namespace Peregrine.Models.Tests.Drift;

/// <summary>Against scipy 1.10.1: <c>stats.chi2.sf</c> and <c>special.kolmogorov</c>.</summary>
public sealed class SpecialFunctionsTests
{
    [Theory]
    [InlineData(0.5, 1, 0.47950012218695337)]
    [InlineData(3.84, 1, 0.05004352124870519)]
    [InlineData(1, 2, 0.6065306597126334)]
    [InlineData(20, 10, 0.029252688076961124)]
    [InlineData(5, 10, 0.8911780189141513)]
    [InlineData(150, 99, 0.0007204453957169282)]
    [InlineData(60, 99, 0.9993199970498485)]
    [InlineData(300, 99, 4.2266534644194534e-22)]
    [InlineData(1000, 5, 6.0100776879208495e-214)]
    public void ChiSquareTail_IsThatOfScipy(double x, double freedom, double expected) =>
        SpecialFunctions.ChiSquareTail(x, freedom).ShouldBe(expected, expected * 1e-10);

    [Theory]
    [InlineData(0.1, 1.0)]
    [InlineData(0.3, 0.9999906941986655)]
    [InlineData(0.5, 0.9639452436648751)]
    [InlineData(0.9, 0.3927307079406543)]
    [InlineData(1.0, 0.26999967167735456)]
    [InlineData(1.18, 0.1234538094297657)]
    [InlineData(1.36, 0.049485876755377876)]
    [InlineData(1.63, 0.009846364888486529)]
    [InlineData(2.5, 7.453306344157342e-06)]
    [InlineData(4, 2.532833109818835e-14)]
    public void KolmogorovTail_IsThatOfScipy(double x, double expected) => SpecialFunctions.KolmogorovTail(x).ShouldBe(expected, expected * 1e-10);
}
