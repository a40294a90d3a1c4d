namespace Peregrine.Samples.Payments.Fraud;

/// <summary>Where fraud happens: the people, the time, and how much of it there is to be.</summary>
/// <param name="Wanted">Fraudulent payments that all schemes together aim at.</param>
internal sealed record FraudScene(SimulationOptions Options, Population Population, DeterministicRandom Random, int Wanted)
{
    public DateTime At(int day, int second) => Options.Start.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(second);

    public IReadOnlyList<Merchant> Shops(Func<Merchant, bool> which) => Population.Merchants.Where(which).ToList();

    public Payment Steal(FraudKind kind, Cardholder card, Merchant merchant, DateTime at, double amount, double knownDevice, double[] declined)
    {
        var payment = PaymentTerminal.Create(card, merchant, at, amount, Random);
        return payment with
        {
            Fraud = kind,
            DeviceKnown = merchant.Online ? Random.Chance(knownDevice) : null,
            DeclinedLastDay = Random.PickWeighted(declined),
        };
    }

    /// <summary>In degrees, good enough to tell near from far.</summary>
    public static double Distance(Cardholder card, Merchant merchant)
    {
        var north = merchant.Latitude - card.HomeLatitude;
        var east = (merchant.Longitude - card.HomeLongitude) * PortableMath.CosDegrees(card.HomeLatitude);
        return Math.Sqrt(north * north + east * east);
    }
}
