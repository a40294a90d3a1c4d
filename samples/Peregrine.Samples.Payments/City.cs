namespace Peregrine.Samples.Payments;

/// <summary>A place where people live and shop.</summary>
public sealed record City(string Name, string Country, string Region, int Population, double Latitude, double Longitude)
{
    /// <summary>The bank's country.</summary>
    public const string Home = "NW";

    public bool Abroad => Country != Home;

    internal static readonly IReadOnlyList<City> All =
    [
        new("Aldermere", Home, "01", 1_240_000, 52.51, 13.39),
        new("Brackwater", Home, "02", 612_000, 53.55, 9.99),
        new("Caddow", Home, "03", 388_000, 51.34, 12.37),
        new("Dunhallow", Home, "04", 254_000, 51.05, 13.74),
        new("Eastlathe", Home, "05", 171_000, 53.87, 10.69),
        new("Farrowby", Home, "06", 96_000, 52.15, 9.95),
        new("Glasswick", Home, "07", 58_000, 51.72, 8.75),
        new("Harrowgate Spa", Home, "08", 43_000, 50.98, 11.03),
        new("Isenport", Home, "09", 205_000, 54.09, 12.10),
        new("Juniper Vale", Home, "10", 21_500, 50.55, 9.68),
        new("Kestrel Bay", Home, "11", 12_800, 54.32, 13.09),
        new("Lower Marsh", Home, "12", 6_900, 52.92, 11.45),
        new("Mossford", Home, "13", 3_400, 50.92, 10.25),
        new("Norrhaven", Home, "14", 1_150, 53.18, 7.41),
        new("Oakenfell", Home, "15", 820, 51.88, 10.42),
        new("Porto Lume", "SL", "S1", 790_000, 41.15, -8.61),
        new("Quai Doré", "FV", "F7", 860_000, 43.30, 5.37),
        new("Rosswell", "AN", "A3", 2_100_000, 53.48, -2.24),
        new("San Tavo", "SL", "S4", 1_600_000, 41.39, 2.17),
        new("Tharsis Bay", "OT", "T2", 3_050_000, 25.20, 55.27),
    ];
}
