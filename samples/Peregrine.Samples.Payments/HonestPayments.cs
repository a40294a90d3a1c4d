namespace Peregrine.Samples.Payments;

/// <summary>What people do with their cards when nobody steals them, the odd days included.</summary>
internal sealed class HonestPayments(SimulationOptions options, Population population, DeterministicRandom random)
{
    private readonly List<Merchant> _abroad = population.Merchants.Where(merchant => !merchant.Online && merchant.City.Abroad).ToList();
    private readonly List<Merchant> _home = population.Merchants.Where(merchant => !merchant.Online && !merchant.City.Abroad).ToList();
    private readonly List<Merchant> _games = population.Merchants.Where(merchant => merchant.Category == "digital_goods").ToList();

    public IEnumerable<Payment> Of(Cardholder holder)
    {
        var (tripFrom, tripTo, destinations) = PlanTrip(holder);
        var newDeviceFrom = random.Chance(0.35) ? random.Next(0, options.Days) : int.MaxValue;
        for (var day = 0; day < options.Days; day++)
        {
            var away = day >= tripFrom && day < tripTo;
            var count = random.Poisson(holder.PaymentsPerDay * (away ? 1.5 : 1));
            for (var i = 0; i < count; i++)
            {
                var merchant = away && random.Chance(0.8) ? random.Pick(destinations) : PickUsual(holder);
                yield return Pay(holder, merchant, day, newPhone: day >= newDeviceFrom && day < newDeviceFrom + 4);
            }
            if (holder.Player && random.Chance(0.05))
                foreach (var payment in PlayEvening(holder, day)) yield return payment;
        }
    }

    private (int From, int To, List<Merchant> Destinations) PlanTrip(Cardholder holder)
    {
        if (!random.Chance(holder.TravelNotice ? 0.9 : 0.5)) return (int.MaxValue, int.MaxValue, []);
        var city = random.Chance(0.5) ? random.Pick(_abroad).City : random.Pick(_home).City;
        var there = population.Merchants.Where(merchant => !merchant.Online && merchant.City == city).ToList();
        var from = random.Next(0, options.Days);
        return (from, from + random.Next(2, 12), there);
    }

    private Merchant PickUsual(Cardholder holder) =>
        random.Chance(0.88) ? random.Pick(holder.Favourites) : random.Pick(random.Chance(0.3) ? population.Merchants : _home);

    private Payment Pay(Cardholder holder, Merchant merchant, int day, bool newPhone)
    {
        var paidAt = options.Start.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(merchant.Kind.Hours.Draw(random));
        // A payment follows the shop first and the person's own purse second; one in eighty is a large one.
        var purse = Math.Sqrt(holder.UsualAmount / 36);
        var amount = random.LogNormal(merchant.Kind.Median * purse, merchant.Kind.Spread);
        if (random.Chance(0.012)) amount *= random.Uniform(3, 9);
        var known = !newPhone && !random.Chance(0.13);
        return PaymentTerminal.Create(holder, merchant, paidAt, amount, random) with
        {
            DeviceKnown = merchant.Online ? known : null,
            DeclinedLastDay = random.PickWeighted([950, 36, 11, 3]),
        };
    }

    /// <summary>Many small purchases within an hour: honest, and like card testing at first sight.</summary>
    private IEnumerable<Payment> PlayEvening(Cardholder holder, int day)
    {
        var game = random.Pick(_games);
        var at = options.Start.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(DayCurve.Always.Draw(random));
        var count = random.Next(2, 7);
        for (var i = 0; i < count; i++)
        {
            at = at.AddSeconds(random.Next(20, 900));
            var amount = new[] { 0.99, 1.99, 2.99, 4.99, 9.99 }[random.PickWeighted([34, 28, 18, 14, 6])];
            yield return PaymentTerminal.Create(holder, game, at, amount, random) with
            {
                DeviceKnown = !random.Chance(0.1),
                DeclinedLastDay = random.PickWeighted([93, 5, 2]),
            };
        }
    }
}
