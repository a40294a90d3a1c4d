using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver;

/// <summary>What the demo left: the node's services, the service's key and the body of a request.</summary>
internal sealed record DemoData(string NodeDirectory, string Key, string Body)
{
    public static async Task<DemoData> PrepareAsync(Settings settings, WorkFolder work)
    {
        var source = settings.DataDirectory ?? await RunDemoAsync(settings, work.In("demo"));
        var node = work.In("node");
        // A copy without the logs: the benchmark leaves the demo as it is.
        Copy(Path.Combine(source, "apinode", "services"), Path.Combine(node, "apinode", "services"));
        return new DemoData(
            node, (await File.ReadAllTextAsync(Path.Combine(source, "demo-service-key"))).Trim(), await File.ReadAllTextAsync(Path.Combine(source, "demo-request.json")));
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

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var folder in Directory.GetDirectories(source, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, folder)));
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(source, file)));
    }
}
