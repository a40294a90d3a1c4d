using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver;

/// <summary>What the demo left: the package that its node serves, the service's key and the body of a request.</summary>
internal sealed record DemoData(byte[] Package, string Key, string Body)
{
    private const string Service = "fraud";

    public static async Task<DemoData> PrepareAsync(Settings settings, WorkFolder work)
    {
        var source = settings.DataDirectory ?? await RunDemoAsync(settings, work.In("demo"));
        var newest = new DirectoryInfo(Path.Combine(source, "apinode", "services", Service, "generations")).GetFiles("*.zip").MaxBy(file => file.LastWriteTimeUtc)
                     ?? throw new InvalidOperationException($"'{source}' holds no package of the demo's service: make one with ./peregrine demo --once --data-dir DIR");
        return new DemoData(
            await File.ReadAllBytesAsync(newest.FullName), (await File.ReadAllTextAsync(Path.Combine(source, "demo-service-key"))).Trim(),
            await File.ReadAllTextAsync(Path.Combine(source, "demo-request.json")));
    }

    /// <summary>Puts the package on a node that serves nothing yet.</summary>
    public async Task DeployAsync(Server node, string adminKey)
    {
        using var http = new HttpClient { BaseAddress = new Uri(node.Url, "/admin/api/") };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + adminKey);
        await AskAsync(http, "services", new StringContent($"{{\"serviceId\":\"{Service}\"}}"));
        await AskAsync(http, $"services/{Service}/generations", new ByteArrayContent(Package));
        await AskAsync(http, $"services/{Service}/actions/switchToNewest", new ByteArrayContent([]));
    }

    private static async Task AskAsync(HttpClient http, string path, HttpContent content)
    {
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The node refused {path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<string> RunDemoAsync(Settings settings, string directory)
    {
        Console.WriteLine("Running the demo once, for its model ...");
        var start = new ProcessStartInfo(settings.Dotnet, [settings.Peregrine, "demo", "--once", "--data-dir", directory, "--port", "0", "--node-port", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var demo = Process.Start(start)!;
        var told = await demo.StandardOutput.ReadToEndAsync();
        await demo.WaitForExitAsync();
        return demo.ExitCode == 0 ? directory : throw new InvalidOperationException($"The demo ended with {demo.ExitCode}:\n{told}");
    }
}
