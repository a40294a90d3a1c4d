namespace Peregrine.Samples.Payments.Fraud;

/// <summary>Somebody else holds the account or the card for a night or two: large amounts, late, far from home or from an unknown device.</summary>
internal sealed class AccountTakeover : IFraudScheme
{
    public IEnumerable<Payment> Run(FraudScene scene, IReadOnlyList<Payment> honest)
    {
        var random = scene.Random;
        var made = 0;
        while (made < scene.Wanted * 0.31)
        {
            var card = random.Pick(scene.Population.Cardholders);
            var night = random.Next(0, scene.Options.Days - 2);
            var count = random.Next(2, 6);
            for (var i = 0; i < count; i++)
            {
                made++;
                yield return Spend(scene, card, scene.At(night + (i >= 3 ? 1 : 0), 21 * 3600 + random.Next(0, 9 * 3600)));
            }
        }
    }

    private static Payment Spend(FraudScene scene, Cardholder card, DateTime at)
    {
        var random = scene.Random;
        var online = random.Chance(0.5);
        var shops = online
            ? scene.Shops(merchant => merchant.Online && merchant.Category is "electronics" or "travel" or "gift_cards" or "clothing")
            : scene.Shops(merchant => !merchant.Online && merchant.Category is not ("transport" or "groceries") && FraudScene.Distance(card, merchant) > 1.5);
        var amount = random.LogNormal(card.UsualAmount * 4, 0.6);
        var payment = scene.Steal(FraudKind.AccountTakeover, card, random.Pick(shops), at, amount, knownDevice: 0.3, [84, 11, 4, 1]);
        return payment.Merchant.Online ? payment : payment with { EntryMode = PaymentTerminal.Spell(random.Chance(0.4) ? "magstripe" : "contactless", random) };
    }
}
