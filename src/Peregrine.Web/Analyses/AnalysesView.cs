using Peregrine.Designing.Lab;
using Peregrine.Designing.Projects;
using Peregrine.Web.Live;

namespace Peregrine.Web.Analyses;

public sealed record AnalysesState(ProjectSummary Project, IReadOnlyList<MlTaskSummary> Tasks);

public sealed class AnalysesView(Engines engines) : ViewModel<AnalysesState>(engines)
{
    public string ProjectKey { get; set; } = "";

    protected override async Task<AnalysesState> ReadAsync(CancellationToken cancellationToken)
    {
        var project = await Engines.CallAsync<ProjectService, ProjectSummary>(projects => projects.GetAsync(ProjectKey, cancellationToken));
        var tasks = await Engines.CallAsync<LabService, IReadOnlyList<MlTaskSummary>>(lab => lab.ListTasksAsync(ProjectKey, analysisId: null, cancellationToken));
        return new AnalysesState(project, [.. tasks.OrderByDescending(task => task.CreatedOn)]);
    }
}
