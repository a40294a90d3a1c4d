using System.Globalization;
namespace Peregrine.Samples.Payments;

/// <summary>Who pays and who is paid.</summary>
internal sealed record Population(IReadOnlyList<Cardholder> Cardholders, IReadOnlyList<Merchant> Merchants)
{
    private static readonly (string Name, double Share, double PerDay, double Usual)[] Segments =
    [
        ("student", 16, 0.78, 17), ("young_professional", 22, 0.92, 32), ("family", 26, 0.80, 44),
        ("established", 20, 0.62, 58), ("retired", 16, 0.38, 29),
    ];

    private static readonly string[] Openings = ["Abel", "Brook", "Corner", "Delta", "Ember", "Fable", "Golden", "Harbour", "Ivy", "Jade", "Kite", "Linden", "Maple", "North"];
    private static readonly string[] Endings = ["& Sons", "Brothers, Ltd", "Trading", "House", "Market", "Works", "Online", "Corner", "Company, Inc", "Lane"];

    public static Population Create(SimulationOptions options, DeterministicRandom random)
    {
        var merchants = Enumerable.Range(1, options.Merchants).Select(i => NewMerchant(i, options.Start, random)).ToList();
        var holders = new List<Cardholder>(options.Cardholders);
        var used = new HashSet<string>(StringComparer.Ordinal);
        while (holders.Count < options.Cardholders)
        {
            var holder = NewCardholder(options.Start, random);
            if (!used.Add(holder.CardId)) continue;
            holder.Favourites = ChooseFavourites(holder, merchants, random);
            holders.Add(holder);
        }
        return new Population(holders, merchants);
    }

    private static Merchant NewMerchant(int number, DateOnly start, DeterministicRandom random)
    {
        var kind = Category.All[random.PickWeighted(Category.All.Select(category => category.Share + 4).ToArray())];
        var city = PickCity(random, abroadShare: 0.14);
        var online = random.Chance(kind.Online);
        var risky = kind.Name is "digital_goods" or "gift_cards" or "donations" or "electronics" or "travel";
        return new Merchant
        {
            MerchantId = (number * 137 % 1_000_000).ToString("D6", CultureInfo.InvariantCulture),
            Name = $"{random.Pick(Openings)} {random.Pick(Endings)} {number.ToString(CultureInfo.InvariantCulture)}",
            Category = kind.Name,
            Kind = kind,
            Online = online,
            City = city,
            RiskRating = random.Chance(0.12) ? null : Rate(random, risky),
            OpenedOn = start.AddDays(-random.Next(20, 6_000)),
            Latitude = Around(city.Latitude, 0.12, random),
            Longitude = Around(city.Longitude, 0.18, random),
        };
    }

    private static string Rate(DeterministicRandom random, bool risky)
    {
        var draw = random.NextDouble();
        if (draw < (risky ? 0.18 : 0.03)) return "high";
        return draw < (risky ? 0.60 : 0.25) ? "medium" : "low";
    }

    private static Cardholder NewCardholder(DateOnly start, DeterministicRandom random)
    {
        var segment = Segments[random.PickWeighted(Segments.Select(one => one.Share).ToArray())];
        var city = PickCity(random, abroadShare: 0);
        var cardType = new[] { "debit", "credit", "prepaid" }[random.PickWeighted([58, 36, 6])];
        var usual = random.LogNormal(segment.Usual, 0.35);
        return new Cardholder
        {
            CardId = random.Next(0, 40_000_000).ToString("D8", CultureInfo.InvariantCulture) + random.Next(0, 10_000).ToString("D4", CultureInfo.InvariantCulture),
            BirthDate = BirthDate(segment.Name, start, random),
            Segment = segment.Name,
            CardType = cardType,
            CreditLimit = cardType == "credit" ? Math.Round(random.LogNormal(usual * 70, 0.4) / 100) * 100 + 300 : null,
            IncomeBand = random.Chance(0.2) ? null : IncomeBand(usual),
            OpenedOn = start.AddDays(-random.Next(30, 5_500)),
            City = city,
            HomeLatitude = Around(city.Latitude, 0.15, random),
            HomeLongitude = Around(city.Longitude, 0.22, random),
            UsualAmount = Math.Round(usual, 2),
            TravelNotice = random.Chance(0.08),
            PaymentsPerDay = segment.PerDay * random.Uniform(0.5, 1.6),
            Player = random.Chance(segment.Name is "student" or "young_professional" ? 0.22 : 0.05),
        };
    }

    private static DateOnly BirthDate(string segment, DateOnly start, DeterministicRandom random)
    {
        var (from, to) = segment switch
        {
            "student" => (18, 26),
            "young_professional" => (24, 36),
            "family" => (29, 52),
            "established" => (42, 66),
            _ => (63, 89),
        };
        return start.AddDays(-random.Next(from * 365, to * 365));
    }

    private static string IncomeBand(double usual) => usual switch { < 20 => "A", < 34 => "B", < 55 => "C", < 85 => "D", _ => "E" };

    private static City PickCity(DeterministicRandom random, double abroadShare)
    {
        var abroad = random.Chance(abroadShare);
        var cities = City.All.Where(city => city.Abroad == abroad).ToList();
        return cities[random.PickWeighted(cities.Select(city => Math.Sqrt(city.Population)).ToArray())];
    }

    /// <summary>Half of a person's merchants are in their own city, the rest of the web and of towns near by.</summary>
    private static List<Merchant> ChooseFavourites(Cardholder holder, List<Merchant> merchants, DeterministicRandom random)
    {
        var near = merchants.Where(merchant => !merchant.Online && merchant.City == holder.City).ToList();
        var web = merchants.Where(merchant => merchant.Online).ToList();
        var towns = merchants.Where(merchant => !merchant.Online && !merchant.City.Abroad).ToList();
        var favourites = new List<Merchant>();
        for (var i = 0; i < 10 && near.Count > 0; i++) favourites.Add(PickByShare(near, random));
        for (var i = 0; i < 7; i++) favourites.Add(PickByShare(web, random));
        while (favourites.Count < 20) favourites.Add(PickByShare(towns, random));
        return favourites;
    }

    private static Merchant PickByShare(List<Merchant> merchants, DeterministicRandom random)
    {
        while (true)
        {
            var merchant = random.Pick(merchants);
            if (random.Chance(merchant.Kind.Share / 24)) return merchant;
        }
    }

    private static double Around(double centre, double spread, DeterministicRandom random) =>
        Math.Round(centre + spread * random.Normal() / 2, 5);
}
