using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Designing.Tests.Support;

/// <summary>
/// A PostgreSQL server of this test's own on a free port, from the machine's binaries, run as an unprivileged user since it
/// refuses root. <c>PEREGRINE_TEST_POSTGRES</c> gives a server that runs already instead.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Unprivileged = "65534";
    private readonly string? _binaries;
    private readonly string? _directory;

    private PostgresServer(string connectionString, string? binaries, string? directory)
    {
        ConnectionString = connectionString;
        _binaries = binaries;
        _directory = directory;
    }

    public string ConnectionString { get; }

    /// <summary>Null when the machine has no server.</summary>
    public static async Task<PostgresServer?> TryStartAsync()
    {
        if (Environment.GetEnvironmentVariable("PEREGRINE_TEST_POSTGRES") is { Length: > 0 } given) return new PostgresServer(given, null, null);
        if (Binaries() is not { } binaries) return null;
        var directory = Directory.CreateTempSubdirectory("peregrine-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", [$"{Unprivileged}:{Unprivileged}", directory]);
        var data = Path.Combine(directory, "data");
        await RunAsUserAsync(Path.Combine(binaries, "initdb"), ["-D", data, "-U", "peregrine", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var port = FreePort();
        await RunAsUserAsync(
            Path.Combine(binaries, "pg_ctl"),
            ["-D", data, "-l", Path.Combine(directory, "log"), "-w", "-t", "120", "-o", $"-p {port} -h 127.0.0.1 -k {directory} -c fsync=off", "start"]);
        var connection = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=peregrine;Database=postgres");
        return new PostgresServer(connection, binaries, directory);
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is null) return;
        await RunAsUserAsync(Path.Combine(_binaries!, "pg_ctl"), ["-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w", "stop"]);
        Directory.Delete(_directory, recursive: true);
    }

    private static string? Binaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;

    private static Task RunAsUserAsync(string program, string[] arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("setpriv", [$"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups", program, .. arguments])
        : RunAsync(program, arguments);

    private static async Task RunAsync(string program, string[] arguments)
    {
        // Its output goes nowhere near ours: the server would keep a pipe of ours open for ever.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
