using Peregrine.Designing.Projects;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Projects;

public sealed record ProjectsState(IReadOnlyList<ProjectSummary> Projects);

public sealed class ProjectsView(Engines engines) : ViewModel<ProjectsState>(engines)
{
    /// <summary>Null when the project was made.</summary>
    public Task<Fault?> CreateAsync(string key, string name, string actor, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<ProjectService>(projects => projects.CreateAsync(
            new CreateProject { ProjectKey = key.Trim(), Name = string.IsNullOrWhiteSpace(name) ? null : name.Trim() }, actor, cancellationToken)),
        cancellationToken);

    protected override async Task<ProjectsState> ReadAsync(CancellationToken cancellationToken) =>
        new(await Engines.CallAsync<ProjectService, IReadOnlyList<ProjectSummary>>(projects => projects.ListAsync(cancellationToken)));
}
