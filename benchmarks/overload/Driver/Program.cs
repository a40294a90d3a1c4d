using System.Globalization;
using Peregrine.Benchmarks.Overload;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var settings = Settings.Read(args);
if (settings is null) return 2;
var work = Directory.CreateTempSubdirectory("peregrine-overload-").FullName;
try
{
    var demo = await DemoData.PrepareAsync(settings, work);
    var request = demo.Request(settings.Rows);
    // Without limits is the same program whose bulk requests begin at 1 GiB: each is scored where it arrives.
    await using var without = await Node.StartAsync(settings, "without limits", work, demo, ("Serving__Limits__BulkBytes", "1073741824"));
    await using var with = await Node.StartAsync(settings, "with limits", work, demo);
    Node[] nodes = [without, with];
    foreach (var node in nodes)
    {
        using var load = await Load.ConnectAsync(node.Port, request, 4);
        await load.MeasureCapacityAsync(4, settings.Seconds);
    }

    Console.WriteLine($"predict-multi of {settings.Rows} records, {request.Length / 1024} KiB; {settings.Connections} connections; phases of {settings.Seconds} s: 0.9, 1 and 3 times the capacity, then 0.9 again");
    Console.WriteLine("node            capacity/s  load  offered/s  answered/s  p50 ms  p99 ms  refused/s  p99 ms  given up/s");
    for (var i = 0; i < settings.Pairs; i++)
    {
        foreach (var node in i % 2 == 0 ? nodes : nodes.Reverse()) await MeasureAsync(node, request, settings, i);
    }

    return 0;
}
finally
{
    Directory.Delete(work, recursive: true);
}

static async Task MeasureAsync(Node node, byte[] request, Settings settings, int seed)
{
    using var load = await Load.ConnectAsync(node.Port, request, settings.Connections);
    var capacity = await load.MeasureCapacityAsync(4, settings.Seconds);
    var below = await load.OfferAsync(seed, (0.9 * capacity, settings.Seconds));
    var at = await load.OfferAsync(seed, (capacity, settings.Seconds));
    var over = await load.OfferAsync(seed, (3 * capacity, settings.Seconds), (0.9 * capacity, settings.Seconds));
    foreach (var (name, phase) in new[] { ("0.9", below[0]), ("1.0", at[0]), ("3.0", over[0]), ("0.9", over[1]) })
    {
        Console.WriteLine(
            $"{node.Name,-15} {capacity,9:F0}  {name,4}  {phase.Rate,9:F0}  {phase.Answered,10:F0}  {phase.AnsweredWithin(0.5),6:F1}  {phase.AnsweredWithin(0.99),6:F1}  "
            + $"{phase.Refused,9:F0}  {phase.RefusedWithin(0.99),6:F2}  {phase.GivenUp,10:F0}");
    }

    Console.WriteLine($"{node.Name,-15} p99 at 3 / p99 at 1: {over[0].AnsweredWithin(0.99) / at[0].AnsweredWithin(0.99):F2}; all answered again after {over[1].RecoveredAfter():F1} s");
}
