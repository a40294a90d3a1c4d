using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.FunctionalTests.Drift;

/// <summary>Payments drawn from one distribution, as often as wanted: what training saw, and traffic like it.</summary>
internal static class TrafficOfTraining
{
    private static readonly string?[] s_countries = ["FR", "FR", "FR", "FR", "GB", "GB", "DE", "DE", "ES", null];

    /// <param name="factor">1 is as in training; the amounts are multiplied by it.</param>
    public static Table Draw(int rows, int seed, double factor = 1)
    {
        var random = new Random(seed);
        var (amount, age, at, online) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        var (country, card, fraud) = (new string?[rows], new string?[rows], new string?[rows]);
        for (var row = 0; row < rows; row++)
        {
            var usual = Math.Exp(3 + Gauss(random));
            amount[row] = Math.Round(usual * factor, 2);
            age[row] = random.Next(20) == 0 ? double.NaN : 18 + random.Next(70);
            at[row] = 1_767_225_600 + random.Next(180 * 24 * 60) * 60.0;
            online[row] = random.Next(3) == 0 ? 1 : 0;
            country[row] = s_countries[random.Next(s_countries.Length)];
            card[row] = $"card-{random.Next(100_000):000000}";
            fraud[row] = usual * (country[row] == "ES" ? 3 : 1) * (online[row] == 1 ? 1.5 : 1) * Math.Exp(0.3 * Gauss(random)) > 60 ? "yes" : "no";
        }

        return new Table(
        [
            new NumberColumn(new Field("amount", FieldKind.Number), amount), new NumberColumn(new Field("age", FieldKind.Integer), age),
            new NumberColumn(new Field("at", FieldKind.DateTime), at), new NumberColumn(new Field("online", FieldKind.Boolean), online),
            TextColumn.Of("country", country), TextColumn.Of("card", card), TextColumn.Of("fraud", fraud),
        ]);
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
