using Microsoft.AspNetCore.Components;
using Peregrine.Designing.ApiServices;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner;

public sealed partial class ApiServicePage
{
    private const int QueryRows = 5;
    private bool _askEndpoint;
    private bool _askVersion;
    private bool _askSchema;
    private string _schemaOf = "";
    private EndpointSchema _schema = new();
    private bool _askLog;
    private EndpointSummary? _logOf;
    private bool _busy;
    private string _version = "";
    private string _notes = "";
    private bool _push = true;
    private bool _explain;
    private string? _ran;
    private IReadOnlyList<TestQueryResult> _results = [];
    private Fault? _fault;

    [Parameter] public string ProjectKey { get; set; } = "";
    [Parameter] public string Service { get; set; } = "";

    protected override object About => (ProjectKey, Service);

    protected override void Aim(ApiServiceView view) => (view.ProjectKey, view.Service) = (ProjectKey, Service);

    private void AskEndpoint() => _askEndpoint = true;

    private void AskVersion() => (_askVersion, _fault, _version, _notes) = (true, null, View.State?.NextVersion ?? "v1", "");

    private void AskSchema(EndpointSummary endpoint) => (_askSchema, _schemaOf, _schema) = (true, endpoint.Id, endpoint.Schema);

    private async Task<Fault?> SaveSchemaAsync(EndpointSchema schema)
    {
        var fault = await View.SetSchemaAsync(_schemaOf, schema, Actor, Stopping);
        if (fault is null) Notices.Done($"Endpoint {_schemaOf} was changed, from the next version on.");
        return fault;
    }

    private void AskLog(EndpointSummary endpoint) => (_askLog, _logOf) = (true, endpoint);

    private async Task<Fault?> SaveLogAsync(EndpointLog log)
    {
        var fault = await View.SetLogAsync(_logOf!.Id, log, Actor, Stopping);
        if (fault is null) Notices.Done($"Endpoint {_logOf.Id} was changed, from the next version on.");
        return fault;
    }

    private async Task<Fault?> AddPredictionAsync(string endpoint, string model) => Added(endpoint, await View.AddEndpointAsync(endpoint, model, Actor, Stopping));

    private async Task<Fault?> AddLookupAsync(string endpoint, LookupChoice choice) => Added(endpoint, await View.AddLookupAsync(endpoint, choice, Actor, Stopping));

    private Fault? Added(string endpoint, Fault? fault)
    {
        if (fault is null) Notices.Done($"Endpoint {endpoint} was added.");
        return fault;
    }

    private async Task PackageAsync()
    {
        _busy = true;
        _fault = await View.PackageAsync(_version.Trim(), _notes, _push, Actor, Stopping);
        _busy = false;
        if (_fault is not null) return;
        _askVersion = false;
        Notices.Done($"Version {_version} was made{(_push ? " and pushed" : "")}.", _push ? $"/deployer/services/{Service}" : null, "Deploy it");
    }

    private async Task PushAsync(string version)
    {
        _busy = true;
        var fault = await View.PushAsync(version, Stopping);
        _busy = false;
        if (fault is not null) Notices.Failed(fault);
        else Notices.Done($"Version {version} is on the Deployer.", $"/deployer/services/{Service}", "Deploy it");
    }

    private async Task GenerateAsync(string endpoint) => Tell(
        await View.GenerateQueriesAsync(endpoint, QueryRows, Actor, Stopping), $"Endpoint {endpoint} has {QueryRows} test queries from rows of its dataset.");

    private async Task RunAsync(string endpoint)
    {
        var (results, fault) = await View.RunQueriesAsync(endpoint, _explain, Stopping);
        if (fault is not null) Notices.Failed(fault);
        else (_ran, _results) = (endpoint, results);
    }

    private async Task<Fault?> SaveExplanationsAsync(string endpoint, ExplanationSettings settings)
    {
        var fault = await View.SetExplanationsAsync(endpoint, settings, Actor, Stopping);
        if (fault is null) Notices.Done($"Endpoint {endpoint} was changed, from the next version on.");
        return fault;
    }

    private void Tell(Fault? fault, string done)
    {
        if (fault is not null) Notices.Failed(fault);
        else Notices.Done(done);
    }
}
