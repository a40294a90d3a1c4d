using Peregrine.Designing.Datasets;
using Peregrine.Designing.Projects;
using Peregrine.Web.Live;

namespace Peregrine.Web.Datasets;

public sealed record DatasetsState(ProjectSummary Project, IReadOnlyList<DatasetSummary> Datasets);

public sealed class DatasetsView(Engines engines) : ViewModel<DatasetsState>(engines)
{
    public string ProjectKey { get; set; } = "";

    protected override async Task<DatasetsState> ReadAsync(CancellationToken cancellationToken)
    {
        var project = await Engines.CallAsync<ProjectService, ProjectSummary>(projects => projects.GetAsync(ProjectKey, cancellationToken));
        var datasets = await Engines.CallAsync<DatasetService, IReadOnlyList<DatasetSummary>>(service => service.ListAsync(ProjectKey, cancellationToken));
        return new DatasetsState(project, datasets);
    }
}
