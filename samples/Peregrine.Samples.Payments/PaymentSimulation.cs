using System.Globalization;
using Peregrine.Samples.Payments.Fraud;

namespace Peregrine.Samples.Payments;

/// <summary>Months of card payments with fraud in them. Equal options give equal rows on every machine.</summary>
public sealed record PaymentSimulation(
    IReadOnlyList<Cardholder> Cardholders, IReadOnlyList<Merchant> Merchants, IReadOnlyList<Payment> Payments)
{
    /// <summary>Share of fraudulent payments that the schemes aim at.</summary>
    private const double FraudShare = 0.0082;

    public static PaymentSimulation Run(SimulationOptions options)
    {
        options.Check();
        var random = new DeterministicRandom(options.Seed);
        var population = Population.Create(options, random);
        var honest = new HonestPayments(options, population, random);
        var payments = population.Cardholders.SelectMany(honest.Of).ToList();

        var scene = new FraudScene(options, population, random, (int)(payments.Count * FraudShare));
        IFraudScheme[] schemes = [new CardTesting(), new AccountTakeover(), new CompromisedMerchant(), new FriendlyFraud()];
        var frauds = schemes.SelectMany(scheme => scheme.Run(scene, payments)).ToList();
        payments.AddRange(frauds);
        return new PaymentSimulation(population.Cardholders, population.Merchants, Number(payments));
    }

    /// <summary>Sorts by time, numbers the payments and tells each when its card was last used.</summary>
    private static List<Payment> Number(List<Payment> payments)
    {
        var ordered = payments.OrderBy(payment => payment.PaidAt).ThenBy(payment => payment.Card.CardId, StringComparer.Ordinal).ToList();
        var last = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        for (var i = 0; i < ordered.Count; i++)
        {
            var payment = ordered[i];
            payment.PaymentId = (i + 1).ToString("D10", CultureInfo.InvariantCulture);
            payment.PreviousPaidAt = last.TryGetValue(payment.Card.CardId, out var before) ? before : null;
            last[payment.Card.CardId] = payment.PaidAt;
        }
        return ordered;
    }
}
