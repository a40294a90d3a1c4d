using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Serving.Tests.Chaos;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary><c>peregrine apinode</c> in a process of its own that ends by SIGKILL.</summary>
internal sealed class KilledNode(string directory) : ChaosNode
{
    private PeregrineProcess? _process;
    private Uri _address = new("http://127.0.0.1:1");
    private Uri _grpcAddress = new("http://127.0.0.1:1");

    public override string Folder => Path.Combine(directory, "apinode");

    protected override Uri Address => Volatile.Read(ref _address);

    protected override Uri GrpcAddress => Volatile.Read(ref _grpcAddress);

    protected override string AdminKey => "admin-key-of-the-killed-node";

    public override async Task StartAsync()
    {
        _process = PeregrineProcess.Start(
            ["apinode", "--data-dir", directory, "--port", "0", "--grpc-port", "0"],
            new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = AdminKey, ["Serving__WarmUpRounds"] = "1", ["Serving__Access__FailedAttempts"] = "0" });
        await _process.WaitForLineAsync("Ready.");
        Volatile.Write(ref _grpcAddress, new Uri(Regex.Match(_process.Output, @"gRPC\s+(http://127\.0\.0\.1:\d+)").Groups[1].Value));
        Volatile.Write(ref _address, new Uri(Regex.Match(_process.Output, @"http://127\.0\.0\.1:\d+").Value));
    }

    public override async Task EndAsync()
    {
        _process!.HasExited.ShouldBeFalse($"it ended by itself:\n{_process.Output}\n{_process.Errors}");
        await _process.KillAsync();
        await _process.DisposeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
    }
}
