using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Access;

/// <summary><c>peregrine apinode</c> alone on free ports, with <see cref="Key"/>.</summary>
internal sealed partial class NodeServer : IAsyncDisposable
{
    public const string Key = "admin-key-of-the-node";

    private readonly PeregrineProcess _process;

    private NodeServer(PeregrineProcess process, string directory)
    {
        _process = process;
        Directory = directory;
        Url = new Uri(Address().Match(process.Output).Value);
        Http = new HttpClient { BaseAddress = Url };
        Http.DefaultRequestHeaders.Authorization = RunningServer.Basic(Key);
    }

    public string Directory { get; }

    public Uri Url { get; }

    /// <summary>What the node has said so far.</summary>
    public string Output => _process.Output;

    /// <summary>With the admin key.</summary>
    public HttpClient Http { get; }

    public static async Task<NodeServer> StartAsync(string directory, params string[] options)
    {
        var process = PeregrineProcess.Start(
            ["apinode", "--data-dir", directory, "--port", "0", .. options], new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = Key });
        try
        {
            await process.WaitForLineAsync("Ready.");
            return new NodeServer(process, directory);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A verb below <c>apinode admin</c> against this node.</summary>
    public Task<PeregrineResult> AdminAsync(params string[] arguments) => PeregrineProcess.RunAsync(["apinode", "admin", .. arguments, "--data-dir", Directory, "--key", Key]);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
