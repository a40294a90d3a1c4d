using System.CommandLine;
using System.Globalization;
using Peregrine.Commands;
using Peregrine.Samples.Payments;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class SampleVerbs
{
    public static Command Create() => ClientVerb.Group("sample", "Sample data to try things with.", PaymentsVerb());

    private static Command PaymentsVerb()
    {
        var folder = new Option<string>("--out") { Description = "Folder to write payments.csv, cardholders.csv and merchants.csv into.", HelpName = "DIR", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Equal seeds give equal files on every machine.", HelpName = "N", DefaultValueFactory = _ => new SimulationOptions().Seed };
        var days = new Option<int>("--days") { Description = "Days to simulate, 30 to 1,000.", HelpName = "N", DefaultValueFactory = _ => new SimulationOptions().Days };
        var cards = new Option<int>("--cardholders") { Description = "Cards in use, 100 to 100,000.", HelpName = "N", DefaultValueFactory = _ => new SimulationOptions().Cardholders };
        var verb = new Command("payments", "Simulate card payments with fraud in them.") { folder, seed, days, cards };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new SimulationOptions { Seed = parsed.GetValue(seed), Days = parsed.GetValue(days), Cardholders = parsed.GetValue(cards) };
            var simulation = Run(options);
            var path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            await WriteAsync(simulation, path, cancellationToken);
            var frauds = simulation.Payments.Count(payment => payment.Fraud != FraudKind.None);
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{simulation.Payments.Count:N0} payments ({frauds:N0} of them fraud) of {simulation.Cardholders.Count:N0} cards in {path}"));
            return ExitCodes.Ok;
        });
        return verb;
    }

    private static PaymentSimulation Run(SimulationOptions options)
    {
        try
        {
            return PaymentSimulation.Run(options);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new UsageException($"The simulation cannot have {wrong.ActualValue} {wrong.ParamName?.ToLowerInvariant()}; see 'peregrine sample payments --help' for the range.", wrong);
        }
    }

    private static async Task WriteAsync(PaymentSimulation simulation, string path, CancellationToken cancellationToken)
    {
        try
        {
            await PaymentTables.WriteAsync(simulation, path, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Folder '{path}' cannot be written: {refused.Message}", refused);
        }
    }
}
