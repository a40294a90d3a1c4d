using System.Diagnostics;
using System.Globalization;
using Peregrine.Client;
using Peregrine.DataDirectories;
using Peregrine.Samples.Payments;
using Peregrine.Verbs;

namespace Peregrine.Demo;

/// <summary>The project and its three tables.</summary>
internal sealed class DemoDatasets(PeregrineClient client, DataDirectory directory, Narrator narrator)
{
    private static readonly (string Name, string File)[] Tables =
    [
        (DemoFraud.Payments, PaymentTables.PaymentsFile),
        (DemoFraud.Cardholders, PaymentTables.CardholdersFile),
        (DemoFraud.Merchants, PaymentTables.MerchantsFile),
    ];

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        narrator.Step("A table of payments");
        if ((await client.Projects.ListAsync(cancellationToken)).All(project => project.ProjectKey != DemoFraud.Project))
        {
            await client.Projects.CreateAsync(DemoFraud.Project, "Card fraud", cancellationToken);
            narrator.Done($"project {DemoFraud.Project}");
        }

        var folder = directory.In("demo-data");
        await SimulateAsync(folder, cancellationToken);
        foreach (var (name, file) in Tables)
        {
            // A stopped run may have left a dataset without its file, so rows count and not names.
            if (await RowsAsync(name, cancellationToken) is not { } rows)
            {
                await DatasetUpload.RunAsync(client, DemoFraud.Project, Path.Combine(folder, file), name, cancellationToken);
                rows = await RowsAsync(name, cancellationToken) ?? 0;
            }

            var columns = (await client.Datasets.SchemaAsync(DemoFraud.Project, name, cancellationToken)).Columns;
            narrator.Done(string.Create(CultureInfo.InvariantCulture, $"dataset {name}: {rows:N0} rows, {columns.Count} columns"));
        }
    }

    private async Task SimulateAsync(string folder, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var simulation = PaymentSimulation.Run(new SimulationOptions());
        await PaymentTables.WriteAsync(simulation, folder, cancellationToken);
        var frauds = simulation.Payments.Count(payment => payment.Fraud != FraudKind.None);
        narrator.Done(string.Create(
            CultureInfo.InvariantCulture,
            $"simulated {simulation.Payments.Count:N0} card payments, {frauds:N0} of them fraud ({frauds / (double)simulation.Payments.Count:P2}), in {watch.Elapsed.TotalSeconds:0.0} s"));
        narrator.Note("card testing, account take-over, a compromised merchant, and friendly fraud that nobody can see");
    }

    private async Task<long?> RowsAsync(string dataset, CancellationToken cancellationToken)
    {
        if (!await client.Datasets.ExistsAsync(DemoFraud.Project, dataset, cancellationToken)) return null;
        var schema = await client.Datasets.SchemaAsync(DemoFraud.Project, dataset, cancellationToken);
        return schema.Columns.Count == 0 ? null : (await client.Datasets.RowsAsync(DemoFraud.Project, dataset, 0, 1, cancellationToken)).Total;
    }
}
