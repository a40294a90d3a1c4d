using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Benchmarks.Driver;

/// <summary>What the demo left: the package that its node serves, the service's key, the body of a request and its table of payments.</summary>
internal sealed record DemoData(byte[] Package, string Key, string Body, string Table)
{
    private const string Service = "fraud";
    private const int FewPayments = 1000;

    /// <summary>The key as Basic user name.</summary>
    public string Credentials => Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":"));

    /// <summary>The features of the one request.</summary>
    public JsonObject Features { get => field ??= JsonNode.Parse(Body)!["features"]!.AsObject(); private init; }

    /// <summary>The first payments of the table, as features of the request.</summary>
    public IReadOnlyList<JsonObject> Payments { get => field ??= ReadPayments(); private init; }

    /// <summary>One of them, over and over.</summary>
    public JsonObject PaymentAt(int number) => Payments[number % Payments.Count];

    public static async Task<DemoData> PrepareAsync(Settings settings, WorkFolder work)
    {
        var source = settings.DataDirectory ?? await RunDemoAsync(settings, work.In("demo"));
        var newest = new DirectoryInfo(Path.Combine(source, "apinode", "services", Service, "generations")).GetFiles("*.zip").MaxBy(file => file.LastWriteTimeUtc)
                     ?? throw new InvalidOperationException($"'{source}' holds no package of the demo's service: make one with ./peregrine demo --once --data-dir DIR");
        return new DemoData(
            await File.ReadAllBytesAsync(newest.FullName), (await File.ReadAllTextAsync(Path.Combine(source, "demo-service-key"))).Trim(),
            await File.ReadAllTextAsync(Path.Combine(source, "demo-request.json")), Path.Combine(source, "demo-data", "payments.csv"));
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

    /// <summary>The demo writes its table without quotes.</summary>
    private List<JsonObject> ReadPayments()
    {
        var names = Features.Select(feature => feature.Key).ToHashSet(StringComparer.Ordinal);
        var lines = File.ReadLines(Table).Take(FewPayments + 1).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(cells => new JsonObject(lines[0].Zip(cells).Where(cell => names.Contains(cell.First)).Select(cell => KeyValuePair.Create(cell.First, ValueOf(cell.First, cell.Second)))))];
    }

    private static JsonNode? ValueOf(string column, string cell)
    {
        if (cell.Length == 0) return null;
        if (column == "device_known") return JsonValue.Create(cell == "true");
        return column is "amount" or "pay_lat" or "pay_lon" or "declined_last_day" ? JsonValue.Create(double.Parse(cell, CultureInfo.InvariantCulture)) : JsonValue.Create(cell);
    }
}
