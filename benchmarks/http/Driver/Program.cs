using Peregrine.Benchmarks.Driver;

var settings = Settings.Read(args);
if (settings is null) return 2;
try
{
    return await RunAsync(settings);
}
catch (InvalidOperationException failed)
{
    // Caught so that the servers are stopped on the way here.
    Console.Error.WriteLine(failed.Message);
    return 1;
}

static async Task<int> RunAsync(Settings settings)
{
    using var work = new WorkFolder();
    var demo = await DemoData.PrepareAsync(settings, work);
    await using var servers = new Field(settings, work, demo);
    if (settings.HasRows) await CompareAsync(settings, work, demo, servers);
    await servers.RunTrialsAsync();
    return servers.HadErrors ? 1 : 0;
}

static async Task CompareAsync(Settings settings, WorkFolder work, DemoData demo, Field servers)
{
    var contenders = await servers.StartAsync();
    var wrk = new Wrk(settings, work, demo);
    var h2load = new H2Load(settings, work, demo);
    Console.WriteLine($"Warming each up for {settings.WarmUpSeconds} s ...");
    foreach (var contender in contenders) await LoadOf(contender).MeasureAsync(contender, settings.WarmUpSeconds);
    for (var round = 1; round <= settings.Pairs; round++)
    {
        // Alternating order, so that none always meets a machine that the one before has just heated.
        foreach (var contender in round % 2 == 1 ? contenders : contenders.Reverse())
            contender.Runs.Add(await LoadOf(contender).MeasureAsync(contender, settings.Seconds));
        Report.Round(round, contenders);
    }

    Report.Table(settings, contenders);
    await servers.StopAsync(contenders.Any(contender => contender.Runs.Exists(run => run.Errors > 0)));

    ILoad LoadOf(Contender contender) => contender.Shot.Http2 ? h2load : wrk;
}
