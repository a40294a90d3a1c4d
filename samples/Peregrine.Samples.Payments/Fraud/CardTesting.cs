namespace Peregrine.Samples.Payments.Fraud;

/// <summary>A list of stolen card numbers is tried out with tiny amounts at one online merchant; cards that work buy something large soon after.</summary>
internal sealed class CardTesting : IFraudScheme
{
    public IEnumerable<Payment> Run(FraudScene scene, IReadOnlyList<Payment> honest)
    {
        var random = scene.Random;
        var probes = scene.Shops(merchant => merchant.Online && merchant.Category is "digital_goods" or "donations");
        var targets = scene.Shops(merchant => merchant.Online && merchant.Category is "electronics" or "gift_cards" or "travel");
        var made = 0;
        while (made < scene.Wanted * 0.36)
        {
            var probe = random.Pick(probes);
            var start = scene.At(random.Next(0, scene.Options.Days - 1), DayCurve.Always.Draw(random));
            var cards = random.Next(2, 7);
            for (var i = 0; i < cards; i++)
            {
                foreach (var payment in TestCard(scene, random.Pick(scene.Population.Cardholders), probe, start.AddSeconds(random.Next(0, 2_400)), targets))
                {
                    made++;
                    yield return payment;
                }
            }
        }
    }

    private static IEnumerable<Payment> TestCard(FraudScene scene, Cardholder card, Merchant probe, DateTime at, IReadOnlyList<Merchant> targets)
    {
        var random = scene.Random;
        var tries = random.Next(1, 4);
        for (var i = 0; i < tries; i++)
        {
            at = at.AddSeconds(random.Next(8, 420));
            yield return scene.Steal(FraudKind.CardTesting, card, probe, at, random.Uniform(0.5, 3.2), knownDevice: 0.08, [64, 20, 11, 5]);
        }
        if (!random.Chance(0.5)) yield break;
        var later = at.AddSeconds(random.Next(300, 18_000));
        yield return scene.Steal(FraudKind.CardTesting, card, random.Pick(targets), later, random.LogNormal(280, 0.6), knownDevice: 0.08, [66, 20, 10, 4]);
    }
}
