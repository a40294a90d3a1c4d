using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Benchmarks.Overload;

/// <summary>What the demo left: the package, the service's key, and a request of many records made of its sample.</summary>
internal sealed record DemoData(byte[] Package, string Key, string Features)
{
    public const string Service = "fraud";

    public static async Task<DemoData> PrepareAsync(Settings settings, string work)
    {
        var source = settings.DataDirectory ?? await RunDemoAsync(settings, Path.Combine(work, "demo"));
        var newest = new DirectoryInfo(Path.Combine(source, "apinode", "services", Service, "generations")).GetFiles("*.zip").MaxBy(file => file.LastWriteTimeUtc)
                     ?? throw new InvalidOperationException($"'{source}' holds no package of the demo's service: make one with ./peregrine demo --once --data-dir DIR");
        var request = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(source, "demo-request.json")))!;
        return new DemoData(
            await File.ReadAllBytesAsync(newest.FullName), (await File.ReadAllTextAsync(Path.Combine(source, "demo-service-key"))).Trim(),
            request["features"]!.ToJsonString());
    }

    /// <summary>The bytes of a whole HTTP request for <c>predict-multi</c>.</summary>
    public byte[] Request(int rows)
    {
        var body = $"{{\"items\":[{string.Join(',', Enumerable.Repeat($"{{\"features\":{Features}}}", rows))}]}}";
        var length = Encoding.UTF8.GetByteCount(body);
        return Encoding.UTF8.GetBytes(
            $"POST /public/api/v1/{Service}/score/predict-multi HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {Key}\r\nContent-Length: {length}\r\n\r\n{body}");
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
