using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Peregrine.FunctionalTests.Processes;

/// <summary><c>peregrine start</c> on free ports.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private RunningServer(PeregrineProcess process, string directory, Uri url, Uri nodeUrl)
    {
        Process = process;
        Directory = directory;
        Url = url;
        NodeUrl = nodeUrl;
        Http = new HttpClient { BaseAddress = url };
        if (File.Exists(KeyFile)) Http.DefaultRequestHeaders.Authorization = Basic(AdminKey);
    }

    public PeregrineProcess Process { get; }
    public string Directory { get; }
    public Uri Url { get; }
    public Uri NodeUrl { get; }

    /// <summary>To the control plane, with the admin key.</summary>
    public HttpClient Http { get; }
    public string KeyFile => Path.Combine(Directory, "admin-key");
    public string AdminKey => File.ReadAllText(KeyFile).Trim();

    public static async Task<RunningServer> StartAsync(string directory, IReadOnlyDictionary<string, string?>? environment = null, string verb = "start", int seconds = 60)
    {
        var process = PeregrineProcess.Start([verb, "--data-dir", directory, "--port", "0", "--node-port", "0"], environment);
        try
        {
            await process.WaitForLineAsync(verb == "start" ? "Ready." : "curl -s", seconds);
            var addresses = Address().Matches(process.Output).Select(match => new Uri(match.Value)).Distinct().ToList();
            return new RunningServer(process, directory, addresses[0], addresses[1]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A verb of the command line against this server.</summary>
    public Task<PeregrineResult> RunAsync(params string[] arguments) => PeregrineProcess.RunAsync([.. arguments, "--data-dir", Directory], seconds: 300);

    public static AuthenticationHeaderValue Basic(string key) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
