using System.Text;
using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary><c>peregrine apinode</c> on a free port, serving <see cref="NodePackage"/>.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    public const string Key = "admin-key-of-the-node";

    private RunningNode(PeregrineProcess process, string directory, Uri url)
    {
        Process = process;
        Directory = directory;
        Http = new HttpClient { BaseAddress = url };
        Http.DefaultRequestHeaders.Authorization = RunningServer.Basic(Key);
    }

    public PeregrineProcess Process { get; }

    public string Directory { get; }

    public HttpClient Http { get; }

    public static async Task<RunningNode> StartAsync(string directory, params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(pair => pair.Name, string? (pair) => pair.Value);
        variables["PEREGRINE_ADMIN_KEY"] = Key;
        var process = PeregrineProcess.Start(["apinode", "--data-dir", directory, "--port", "0"], variables);
        await process.WaitForLineAsync("Ready.");
        var node = new RunningNode(process, directory, new Uri(Regex.Match(process.Output, @"http://127\.0\.0\.1:\d+").Value));
        (await node.Http.PostAsync("/admin/api/services", new StringContent("{\"serviceId\":\"fraud\"}"))).EnsureSuccessStatusCode();
        (await node.Http.PostAsync("/admin/api/services/fraud/generations", new ByteArrayContent(NodePackage.Write()))).EnsureSuccessStatusCode();
        (await node.Http.PostAsync("/admin/api/services/fraud/actions/switchTo/v1", null)).EnsureSuccessStatusCode();
        return node;
    }

    public Task<HttpResponseMessage> PredictAsync(double amount) =>
        Http.PostAsync("/public/api/v1/fraud/score/predict", new StringContent(FormattableString.Invariant($$$"""{"features":{"amount":{{{amount}}}}}"""), Encoding.UTF8, "application/json"));

    /// <summary>A verb of <c>peregrine apinode admin</c> against this node.</summary>
    public Task<PeregrineResult> AdminAsync(params string[] arguments) => PeregrineProcess.RunAsync(
        ["apinode", "admin", .. arguments, "--url", Http.BaseAddress!.ToString().TrimEnd('/')], new Dictionary<string, string?> { ["PEREGRINE_NODE_KEY"] = Key });

    public IReadOnlyList<string> LogLines() =>
        [.. System.IO.Directory.GetFiles(Directory, "queries-*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
    }
}
