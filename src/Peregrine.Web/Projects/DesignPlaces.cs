using Peregrine.Designing.ApiServices;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Projects;
using Peregrine.Designing.SavedModels;
using Peregrine.Web.Live;
using Peregrine.Web.Shell;

namespace Peregrine.Web.Projects;

/// <summary>Projects and what they hold, for the command palette.</summary>
public sealed class DesignPlaces(Engines engines) : IPaletteSource
{
    public async Task<IReadOnlyList<PaletteEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var places = new List<PaletteEntry>();
        foreach (var project in await engines.CallAsync<ProjectService, IReadOnlyList<ProjectSummary>>(projects => projects.ListAsync(cancellationToken)))
        {
            var key = project.ProjectKey;
            places.Add(new PaletteEntry("project", project.Name, $"/projects/{key}", "folder-kanban", key));
            foreach (var dataset in await engines.CallAsync<DatasetService, IReadOnlyList<DatasetSummary>>(datasets => datasets.ListAsync(key, cancellationToken)))
                places.Add(new PaletteEntry("dataset", dataset.Name, $"/projects/{key}/datasets/{dataset.Name}", "table-2", key));
            foreach (var model in await engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelSummary>>(models => models.ListAsync(key, cancellationToken)))
                places.Add(new PaletteEntry("model", model.Name, $"/projects/{key}/models/{model.Id}", "box", key));
            foreach (var service in await engines.CallAsync<ApiServiceDesigner, IReadOnlyList<ApiServiceSummary>>(designer => designer.ListAsync(key, cancellationToken)))
                places.Add(new PaletteEntry("API service", service.Id, $"/projects/{key}/services/{service.Id}", "webhook", key));
        }
        return places;
    }
}
