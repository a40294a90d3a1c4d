using Peregrine.Designing.ApiServices;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.SavedModels;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Packages.Manifests;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.ApiDesigner;

public sealed record ApiServiceState
{
    public required ApiServiceSummary Service { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PackageSummary> Packages { get; init; }
    public required IReadOnlyList<ServiceKey> Keys { get; init; }

    /// <summary>Which signed tokens open it; null while no rules were set.</summary>
    public ServiceOAuth2? TokenRules { get; init; }
    public required IReadOnlyList<SavedModelSummary> Models { get; init; }
    public required IReadOnlyList<DatasetSummary> Datasets { get; init; }

    /// <summary>The version id that comes next: one more than the highest of the form v1, v2, ….</summary>
    public string NextVersion => "v" + (1 + Packages.Select(package => package.Id.StartsWith('v') && int.TryParse(package.Id.AsSpan(1), out var number) ? number : 0).DefaultIfEmpty(0).Max());
}

/// <summary>One API service in the designer: endpoints, test queries, keys, versions.</summary>
public sealed class ApiServiceView(Engines engines) : ViewModel<ApiServiceState>(engines)
{
    public string ProjectKey { get; set; } = "";
    public string Service { get; set; } = "";

    public Task<Fault?> AddEndpointAsync(string endpoint, string model, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.AddPredictionEndpointAsync(ProjectKey, Service, endpoint, model, actor, cancellationToken), cancellationToken);

    public Task<Fault?> AddLookupAsync(string endpoint, LookupChoice choice, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.AddLookupEndpointAsync(ProjectKey, Service, endpoint, choice, actor, cancellationToken), cancellationToken);

    public Task<Fault?> SetSchemaAsync(string endpoint, EndpointSchema schema, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.SetSchemaAsync(ProjectKey, Service, endpoint, schema, actor, cancellationToken), cancellationToken);

    public Task<Fault?> SetLogAsync(string endpoint, EndpointLog log, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.SetLogAsync(ProjectKey, Service, endpoint, log, actor, cancellationToken), cancellationToken);

    public Task<Fault?> SetExplanationsAsync(string endpoint, ExplanationSettings settings, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.SetExplanationsAsync(ProjectKey, Service, endpoint, settings, actor, cancellationToken), cancellationToken);

    public Task<Fault?> GenerateQueriesAsync(string endpoint, int rows, string actor, CancellationToken cancellationToken) =>
        DesignAsync(designer => designer.GenerateTestQueriesAsync(ProjectKey, Service, endpoint, rows, actor, cancellationToken), cancellationToken);

    /// <param name="explain">Whether each result is explained, whatever its query and the endpoint say.</param>
    public async Task<(IReadOnlyList<TestQueryResult> Results, Fault? Fault)> RunQueriesAsync(string endpoint, bool explain, CancellationToken cancellationToken)
    {
        IReadOnlyList<TestQueryResult> results = [];
        var fault = await Engines.GuardAsync(async () => results = await Engines.CallAsync<ApiServiceDesigner, IReadOnlyList<TestQueryResult>>(
            designer => designer.RunTestQueriesAsync(ProjectKey, Service, endpoint, queries: null, explain, cancellationToken)));
        return (results, fault);
    }

    public Task<Fault?> PackageAsync(string version, string? notes, bool push, string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<ServicePackages>(async packages =>
        {
            await packages.CreateAsync(ProjectKey, Service, version, string.IsNullOrWhiteSpace(notes) ? null : notes, actor, cancellationToken);
            if (push) await packages.PublishAsync(ProjectKey, Service, version, publishedServiceId: null, cancellationToken);
        }), cancellationToken);

    public Task<Fault?> PushAsync(string version, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<ServicePackages>(packages => packages.PublishAsync(ProjectKey, Service, version, publishedServiceId: null, cancellationToken)), cancellationToken);

    protected override async Task<ApiServiceState> ReadAsync(CancellationToken cancellationToken) => new()
    {
        Service = await Engines.CallAsync<ApiServiceDesigner, ApiServiceSummary>(designer => designer.GetAsync(ProjectKey, Service, cancellationToken)),
        Packages = await Engines.CallAsync<ServicePackages, IReadOnlyList<PackageSummary>>(packages => packages.ListAsync(ProjectKey, Service, cancellationToken)),
        Keys = await Engines.CallAsync<ServiceAccess, IReadOnlyList<ServiceKey>>(access => access.ListKeysAsync(ProjectKey, Service, cancellationToken)),
        TokenRules = await Engines.CallAsync<ServiceAccess, ServiceOAuth2?>(access => access.FindTokenRulesAsync(ProjectKey, Service, cancellationToken)),
        Models = await Engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelSummary>>(models => models.ListAsync(ProjectKey, cancellationToken)),
        Datasets = await Engines.CallAsync<DatasetService, IReadOnlyList<DatasetSummary>>(datasets => datasets.ListAsync(ProjectKey, cancellationToken)),
    };

    private Task<Fault?> DesignAsync(Func<ApiServiceDesigner, Task> change, CancellationToken cancellationToken) =>
        ActAsync(() => Engines.CallAsync(change), cancellationToken);
}
