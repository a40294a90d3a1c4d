using Peregrine.Benchmarks.Driver;

var settings = Settings.Read(args);
if (settings is null) return 2;
// Answers are taken where they arrive: threads of a pool that wait for work by spinning would take the core from the one that sends.
Environment.SetEnvironmentVariable(Server.InlineCompletions, "1");
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
    await using var field = new Field(settings, work, demo);
    var hadErrors = settings.HasRows && await new Comparison(settings, field, new Wrk(settings, work, demo), new H2Load(settings, work, demo)).RunAsync();
    await field.RunTrialsAsync();
    return hadErrors ? 1 : 0;
}
