namespace Peregrine.Samples.Payments.Fraud;

/// <summary>The payer buys online and disputes it later. Nothing in the payment tells, so no model can be perfect here.</summary>
internal sealed class FriendlyFraud : IFraudScheme
{
    public IEnumerable<Payment> Run(FraudScene scene, IReadOnlyList<Payment> honest)
    {
        var random = scene.Random;
        var disputable = scene.Shops(merchant => merchant.Online && merchant.Category is "digital_goods" or "clothing" or "electronics" or "travel");
        var wanted = (int)(scene.Wanted * 0.04);
        for (var i = 0; i < wanted; i++)
        {
            var merchant = random.Pick(disputable);
            var at = scene.At(random.Next(0, scene.Options.Days), merchant.Kind.Hours.Draw(random));
            yield return scene.Steal(
                FraudKind.Friendly, random.Pick(scene.Population.Cardholders), merchant, at,
                random.LogNormal(merchant.Kind.Median * 1.8, merchant.Kind.Spread), knownDevice: 0.9, [96, 4]);
        }
    }
}
