using System.Diagnostics;
using System.Security.Cryptography;
using Peregrine.Samples.Payments;

namespace Peregrine.FunctionalTests.Samples;

public sealed class PaymentSimulationTests
{
    private static readonly PaymentSimulation Default = PaymentSimulation.Run(new SimulationOptions());

    [Fact]
    public void Run_Default_HasOverAHundredThousandPaymentsAndFewFrauds()
    {
        Default.Payments.Count.ShouldBeGreaterThan(100_000);
        var share = Default.Payments.Count(payment => payment.Fraud != FraudKind.None) / (double)Default.Payments.Count;
        share.ShouldBeInRange(0.005, 0.01);
        foreach (var kind in Enum.GetValues<FraudKind>())
            Default.Payments.ShouldContain(payment => payment.Fraud == kind, $"no payment of kind {kind}");
    }

    [Fact]
    public void Run_Default_IsSortedByTimeWithUniqueKeys()
    {
        Default.Payments.Zip(Default.Payments.Skip(1)).ShouldAllBe(pair => pair.First.PaidAt <= pair.Second.PaidAt);
        Default.Payments.Select(payment => payment.PaymentId).Distinct(StringComparer.Ordinal).Count().ShouldBe(Default.Payments.Count);
        Default.Cardholders.Select(card => card.CardId).Distinct(StringComparer.Ordinal).Count().ShouldBe(Default.Cardholders.Count);
        Default.Merchants.Select(merchant => merchant.MerchantId).Distinct(StringComparer.Ordinal).Count().ShouldBe(Default.Merchants.Count);
        Default.Cardholders.ShouldContain(card => card.CardId.StartsWith('0'));
    }

    [Fact]
    public void Run_Default_LeavesValuesMissing()
    {
        Default.Payments.ShouldContain(payment => payment.EntryMode == null);
        Default.Payments.ShouldContain(payment => payment.PreviousPaidAt == null);
        Default.Payments.Count(payment => payment.Latitude == null).ShouldBeInRange(20_000, 80_000);
        Default.Merchants.ShouldContain(merchant => merchant.RiskRating == null);
        Default.Cardholders.ShouldContain(card => card.IncomeBand == null);
    }

    [Fact]
    public async Task Write_SameSeed_GivesTheSameBytesOnEveryMachine()
    {
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        await PaymentTables.WriteAsync(PaymentSimulation.Run(new SimulationOptions { Cardholders = 200, Days = 40 }), folder.Path, TestContext.Current.CancellationToken);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));

        Digest(folder, PaymentTables.PaymentsFile).ShouldBe("247bf5a3885ba018");
        Digest(folder, PaymentTables.CardholdersFile).ShouldBe("f4365ee116d7e7e7");
        Digest(folder, PaymentTables.MerchantsFile).ShouldBe("ce1be1e219ea926a");
    }

    [Fact]
    public void Run_OtherSeed_GivesOtherPayments()
    {
        var small = new SimulationOptions { Cardholders = 150, Merchants = 150, Days = 30 };
        var one = PaymentSimulation.Run(small with { Seed = 1 });
        var other = PaymentSimulation.Run(small with { Seed = 2 });
        one.Payments.Select(payment => payment.Amount).ShouldNotBe(other.Payments.Select(payment => payment.Amount));
    }

    [Theory]
    [InlineData(99, 500, 60)]
    [InlineData(500, 99, 60)]
    [InlineData(500, 500, 29)]
    public void Run_SizesOutOfRange_AreRefused(int cardholders, int merchants, int days) =>
        Should.Throw<ArgumentOutOfRangeException>(() => PaymentSimulation.Run(new SimulationOptions { Cardholders = cardholders, Merchants = merchants, Days = days }));

    private static string Digest(TemporaryFolder folder, string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Path, file))))[..16];
}
