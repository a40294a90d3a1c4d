namespace Peregrine.Samples.Payments.Fraud;

/// <summary>Cards are copied at a till; weeks later each copy is used once or a few times, in daylight, somewhere in the country.</summary>
internal sealed class CompromisedMerchant : IFraudScheme
{
    public IEnumerable<Payment> Run(FraudScene scene, IReadOnlyList<Payment> honest)
    {
        var random = scene.Random;
        var tills = scene.Shops(merchant => !merchant.Online && !merchant.City.Abroad && merchant.Category is "fuel" or "restaurant");
        var visits = honest.Where(payment => !payment.Merchant.Online).ToLookup(payment => payment.Merchant.MerchantId, StringComparer.Ordinal);
        var shops = scene.Shops(merchant => !merchant.City.Abroad && merchant.Category is "electronics" or "gift_cards" or "clothing" or "home");
        var end = scene.At(scene.Options.Days, 0);
        var made = 0;
        for (var attempt = 0; made < scene.Wanted * 0.28 && attempt < 400; attempt++)
        {
            var from = scene.At(random.Next(0, scene.Options.Days), 0);
            var copied = visits[random.Pick(tills).MerchantId].Where(visit => visit.PaidAt >= from && visit.PaidAt < from.AddDays(16)).ToList();
            foreach (var payment in copied.Where(_ => random.Chance(0.35)).SelectMany(visit => Misuse(scene, visit, shops)))
            {
                if (payment.PaidAt >= end) continue;
                made++;
                yield return payment;
            }
        }
    }

    private static IEnumerable<Payment> Misuse(FraudScene scene, Payment visit, IReadOnlyList<Merchant> shops)
    {
        var random = scene.Random;
        var at = visit.PaidAt.Date.AddDays(random.Next(9, 55));
        var count = random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            at = at.Date.AddDays(random.Next(0, 3)).AddSeconds(DayCurve.Day.Draw(random));
            var amount = random.LogNormal(125, 0.55);
            var payment = scene.Steal(FraudKind.CompromisedMerchant, visit.Card, random.Pick(shops), at, amount, knownDevice: 0.06, [88, 9, 2, 1]);
            yield return payment.Merchant.Online ? payment : payment with { EntryMode = PaymentTerminal.Spell(random.Chance(0.85) ? "magstripe" : "keyed", random) };
        }
    }
}
