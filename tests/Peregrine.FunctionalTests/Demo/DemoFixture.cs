using Peregrine.FunctionalTests.Demo;
using Peregrine.FunctionalTests.Processes;

[assembly: AssemblyFixture(typeof(DemoFixture))]

namespace Peregrine.FunctionalTests.Demo;

/// <summary>One fresh <c>demo --once</c> for all tests, then the same directory served: what a newcomer sees, and what goes on from it.</summary>
public sealed class DemoFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<PeregrineResult>> _once;
    private readonly Lazy<Task<RunningServer>> _served;

    public DemoFixture()
    {
        _once = new(() => PeregrineProcess.RunAsync(["demo", "--once", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"], seconds: 600));
        _served = new(async () =>
        {
            (await _once.Value).ShouldExit(0);
            return await RunningServer.StartAsync(DataDirectory, verb: "demo", seconds: 180);
        });
    }

    public string DataDirectory => _folder["demo data"];
    public string ServiceKey => File.ReadAllText(Path.Combine(DataDirectory, "demo-service-key")).Trim();
    public string Request => File.ReadAllText(Path.Combine(DataDirectory, "demo-request.json"));

    internal Task<PeregrineResult> OnceAsync() => _once.Value;

    /// <summary>Started by the first test that wants it.</summary>
    internal Task<RunningServer> ServeAsync() => _served.Value;

    public async ValueTask DisposeAsync()
    {
        if (_served.IsValueCreated) await (await _served.Value).DisposeAsync();
        _folder.Dispose();
    }
}
