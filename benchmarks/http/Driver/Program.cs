using Peregrine.Benchmarks.Driver;

var settings = Settings.Read(args);
if (settings is null) return 2;
using var work = new WorkFolder();
var demo = await DemoData.PrepareAsync(settings, work);
await using var yardstick = await Server.StartAsync(
    settings, "yardstick", [settings.Yardstick], port => new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" }, _ => []);
var adminKey = Guid.NewGuid().ToString("N");
await using var node = await Server.StartAsync(
    settings, "API node", [settings.Peregrine, "apinode", "--data-dir", work.In("node")], _ => new() { ["PEREGRINE_ADMIN_KEY"] = adminKey },
    port => ["--port", $"{port}"]);
await demo.DeployAsync(node, adminKey);
var load = new Wrk(settings, work, demo);
await load.CheckAsync(yardstick);
await load.CheckAsync(node);
Console.WriteLine($"Warming both up for {settings.WarmUpSeconds} s ...");
await load.MeasureAsync(yardstick, settings.WarmUpSeconds);
await load.MeasureAsync(node, settings.WarmUpSeconds);
var pairs = new List<Pair>();
for (var i = 0; i < settings.Pairs; i++)
{
    // Alternating order, so that neither always meets a machine that the other has just heated.
    var yardstickFirst = i % 2 == 0;
    var first = await load.MeasureAsync(yardstickFirst ? yardstick : node, settings.Seconds);
    var second = await load.MeasureAsync(yardstickFirst ? node : yardstick, settings.Seconds);
    pairs.Add(yardstickFirst ? new Pair(first, second) : new Pair(second, first));
    Report.Line(i + 1, pairs[^1]);
}

Report.Table(settings, pairs, yardstick.ResidentBytes(), node.ResidentBytes());
return pairs.Exists(pair => pair.Node.Errors > 0 || pair.Yardstick.Errors > 0) ? 1 : 0;
