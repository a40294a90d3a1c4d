namespace Peregrine.Samples.Payments;

/// <summary>What a terminal or a web shop adds to a payment by itself.</summary>
internal static class PaymentTerminal
{
    public static Payment Create(Cardholder holder, Merchant merchant, DateTime paidAt, double amount, DeterministicRandom random)
    {
        var silentTerminal = merchant.Online || random.Chance(0.02);
        return new Payment
        {
            PaidAt = paidAt,
            Card = holder,
            Merchant = merchant,
            Amount = Math.Max(0.5, Math.Round(amount, 2)),
            Currency = merchant.City.Abroad ? random.Chance(0.85) ? CurrencyOf(merchant.City.Country) : "EUR" : "EUR",
            EntryMode = Spell(merchant.Online ? "online" : TerminalMode(merchant, random), random),
            DeviceKnown = null,
            Latitude = silentTerminal ? null : merchant.Latitude,
            Longitude = silentTerminal ? null : merchant.Longitude,
            DeclinedLastDay = 0,
            Fraud = FraudKind.None,
        };
    }

    /// <summary>Terminals spell as they like: one in twenty in capitals or with a blank behind, and some say nothing.</summary>
    public static string? Spell(string mode, DeterministicRandom random)
    {
        var draw = random.NextDouble();
        if (draw < 0.015) return null;
        if (draw < 0.040) return mode.ToUpperInvariant();
        return draw < 0.055 ? mode + " " : mode;
    }

    /// <summary>Old pumps and ticket machines, and terminals abroad, still read the stripe: honest there, a sign elsewhere.</summary>
    private static string TerminalMode(Merchant merchant, DeterministicRandom random)
    {
        var stripe = merchant.Category is "fuel" or "transport" ? 22 : merchant.City.Abroad ? 14 : 2.5;
        return new[] { "contactless", "chip", "magstripe", "keyed" }[random.PickWeighted([62, 33, stripe, 1])];
    }

    private static string CurrencyOf(string country) => country switch { "AN" => "GBP", "OT" => "AED", _ => "EUR" };
}
