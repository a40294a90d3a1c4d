using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Testing;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

/// <summary>Run &amp; test: queries sent to the live nodes through the door that callers use.</summary>
public sealed class TestView(Engines engines)
{
    private string? _type;
    private string _begun = Kinds.Request(null);

    public string DeploymentId { get; set; } = "";
    public string? Endpoint { get; set; }

    /// <summary>The request body in the editor.</summary>
    public string Query { get; set; } = Kinds.Request(null);

    /// <summary>Whether each answer is to tell how far each feature moved it, whatever its query and the endpoint say.</summary>
    public bool Explain { get; set; }

    /// <summary>The stored test queries with their last answers.</summary>
    public IReadOnlyList<QueryRunResult> Runs { get; private set; } = [];

    public QueryRunResult? Shown { get; private set; }

    public string? NodeUrl { get; private set; }

    public Fault? Fault { get; private set; }

    public bool IsBusy { get; private set; }

    /// <summary>Turns to another endpoint. A request that nobody wrote yet becomes one that it answers, and answers of the other one go.</summary>
    /// <param name="type">Its kind on the wire.</param>
    public async Task ChooseAsync(string? endpoint, string? type, CancellationToken cancellationToken)
    {
        var untouched = Query == _begun;
        (Endpoint, _type) = (endpoint, type);
        (Runs, Shown, Fault) = ([], null, null);
        if (!untouched) return;
        Query = _begun = Kinds.Request(type);
        JsonObject? sample = null;
        // Without one, as before the first update, the form of a request stays.
        _ = await engines.GuardAsync(async () => sample = await engines.CallAsync((DeploymentTester tester) => tester.GetSampleAsync(DeploymentId, endpoint, cancellationToken)));
        if (sample is not null && Endpoint == endpoint && Query == _begun) Query = _begun = JsonMarkup.Text(JsonElement.Parse(sample.ToJsonString()));
    }

    /// <summary>Runs the test queries that travel in the deployed version.</summary>
    public Task RunStoredAsync(CancellationToken cancellationToken) => RunAsync(async tester =>
    {
        var report = await tester.RunTestQueriesAsync(DeploymentId, Endpoint, queries: null, Explain, cancellationToken);
        (Runs, NodeUrl) = (report.Results, report.NodeUrl);
        if (Runs.Count > 0) Show(Runs[0]);
    });

    /// <summary>Sends what stands in the editor.</summary>
    public Task RunQueryAsync(CancellationToken cancellationToken)
    {
        if (Parse() is not { } body) return Task.CompletedTask;
        return RunAsync(async tester =>
        {
            var report = await tester.RunQueriesAsync(DeploymentId, Endpoint, [new JsonObject { ["q"] = body }], Explain, cancellationToken);
            (Shown, NodeUrl) = (report.Results[0], report.NodeUrl);
        });
    }

    /// <summary>Puts a query into the editor, its answer beside it.</summary>
    public void Show(QueryRunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Shown = run;
        Query = JsonMarkup.Text(Explain ? WithoutWish(run.Query) : run.Query);
        Fault = null;
    }

    /// <summary>The query as it is stored: the wish of <see cref="Explain"/> is put in when it is sent.</summary>
    private static JsonElement WithoutWish(JsonElement query)
    {
        if (JsonObject.Create(query) is not { } body || body["explanations"]?.ToJsonString() != """{"enabled":true}""") return query;
        body.Remove("explanations");
        return JsonElement.Parse(body.ToJsonString());
    }

    private JsonObject? Parse()
    {
        try
        {
            if (JsonNode.Parse(Query) is JsonObject body) return body;
            Fault = new Fault(400, "The request is not a JSON object.", $"It has the form {Kinds.Request(_type)}.");
        }
        catch (JsonException error)
        {
            Fault = new Fault(400, $"The request is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.", "Look there for a missing comma, quote or brace.");
        }
        return null;
    }

    private async Task RunAsync(Func<DeploymentTester, Task> run)
    {
        IsBusy = true;
        Fault = await engines.GuardAsync(() => engines.CallAsync(run));
        IsBusy = false;
    }
}
