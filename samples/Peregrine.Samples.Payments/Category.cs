namespace Peregrine.Samples.Payments;

/// <summary>A kind of shop: how much is paid there, when, and how.</summary>
/// <param name="Median">Usual amount.</param>
/// <param name="Spread">Sigma of the logarithm of the amount.</param>
/// <param name="Share">How many of all payments.</param>
/// <param name="Online">Share of merchants of this kind that sell over the web only.</param>
/// <param name="Hours">Which <see cref="DayCurve"/> its customers follow.</param>
internal sealed record Category(string Name, double Median, double Spread, double Share, double Online, DayCurve Hours)
{
    public static readonly IReadOnlyList<Category> All =
    [
        new("groceries", 31, 0.65, 24, 0.05, DayCurve.Day),
        new("restaurant", 24, 0.60, 13, 0.10, DayCurve.Evening),
        new("fuel", 48, 0.35, 9, 0, DayCurve.Day),
        new("transport", 9, 0.80, 10, 0.35, DayCurve.Commute),
        new("clothing", 55, 0.70, 6, 0.45, DayCurve.Day),
        new("electronics", 140, 0.95, 4, 0.50, DayCurve.Day),
        new("pharmacy", 17, 0.60, 5, 0.10, DayCurve.Day),
        new("digital_goods", 5.5, 0.80, 9, 1, DayCurve.Always),
        new("gift_cards", 50, 0.55, 1.5, 0.60, DayCurve.Day),
        new("travel", 210, 0.90, 2.5, 0.70, DayCurve.Evening),
        new("entertainment", 22, 0.70, 6, 0.40, DayCurve.Evening),
        new("home", 62, 0.85, 4, 0.35, DayCurve.Day),
        new("donations", 12, 0.90, 1.5, 1, DayCurve.Always),
        new("bar", 15, 0.65, 4.5, 0, DayCurve.Night),
    ];
}
