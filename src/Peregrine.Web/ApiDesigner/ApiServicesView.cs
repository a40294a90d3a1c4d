using Peregrine.Designing.ApiServices;
using Peregrine.Designing.Projects;
using Peregrine.Designing.SavedModels;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.ApiDesigner;

public sealed record ApiServicesState(ProjectSummary Project, IReadOnlyList<ApiServiceSummary> Services, IReadOnlyList<SavedModelSummary> Models);

public sealed class ApiServicesView(Engines engines) : ViewModel<ApiServicesState>(engines)
{
    private const int TestQueries = 5;

    public string ProjectKey { get; set; } = "";

    /// <summary>Makes a service, with an endpoint and test queries when a model is named; one that could not get its endpoint is taken back.</summary>
    public Task<Fault?> CreateAsync(string service, string? model, string endpoint, string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<ApiServiceDesigner>(async designer =>
        {
            await designer.CreateAsync(ProjectKey, service, actor, cancellationToken);
            if (string.IsNullOrEmpty(model)) return;
            try
            {
                await designer.AddPredictionEndpointAsync(ProjectKey, service, endpoint, model, actor, cancellationToken);
                await designer.GenerateTestQueriesAsync(ProjectKey, service, endpoint, TestQueries, actor, cancellationToken);
            }
            catch
            {
                await designer.DeleteAsync(ProjectKey, service, CancellationToken.None);
                throw;
            }
        }), cancellationToken);

    protected override async Task<ApiServicesState> ReadAsync(CancellationToken cancellationToken) => new(
        await Engines.CallAsync<ProjectService, ProjectSummary>(projects => projects.GetAsync(ProjectKey, cancellationToken)),
        await Engines.CallAsync<ApiServiceDesigner, IReadOnlyList<ApiServiceSummary>>(designer => designer.ListAsync(ProjectKey, cancellationToken)),
        await Engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelSummary>>(models => models.ListAsync(ProjectKey, cancellationToken)));
}
