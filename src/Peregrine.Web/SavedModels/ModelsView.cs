using Peregrine.Designing.Projects;
using Peregrine.Designing.SavedModels;
using Peregrine.Web.Live;

namespace Peregrine.Web.SavedModels;

public sealed record ModelsState(ProjectSummary Project, IReadOnlyList<SavedModelSummary> Models);

public sealed class ModelsView(Engines engines) : ViewModel<ModelsState>(engines)
{
    public string ProjectKey { get; set; } = "";

    protected override async Task<ModelsState> ReadAsync(CancellationToken cancellationToken) => new(
        await Engines.CallAsync<ProjectService, ProjectSummary>(projects => projects.GetAsync(ProjectKey, cancellationToken)),
        await Engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelSummary>>(models => models.ListAsync(ProjectKey, cancellationToken)));
}
