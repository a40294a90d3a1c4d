using Peregrine.Designing.SavedModels;
using Peregrine.Web.Components;
using Peregrine.Web.Live;
using Peregrine.Web.ModelReports;

namespace Peregrine.Web.SavedModels;

/// <param name="Versions">Newest first.</param>
/// <param name="Shown">The version whose report is shown.</param>
public sealed record SavedModelState(SavedModelSummary Model, IReadOnlyList<SavedModelVersion> Versions, SavedModelVersion Shown, ModelReport Report);

public sealed class SavedModelView(Engines engines) : ViewModel<SavedModelState>(engines)
{
    public string ProjectKey { get; set; } = "";
    public string ModelId { get; set; } = "";

    /// <summary>Null shows the active one.</summary>
    public string? Version { get; set; }

    public Task<Fault?> ActivateAsync(string version, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<SavedModelService>(models => models.SetActiveAsync(ProjectKey, ModelId, version, cancellationToken)), cancellationToken);

    protected override async Task<SavedModelState> ReadAsync(CancellationToken cancellationToken)
    {
        var model = await Engines.CallAsync<SavedModelService, SavedModelSummary>(models => models.GetAsync(ProjectKey, ModelId, cancellationToken));
        var versions = await Engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelVersion>>(models => models.ListVersionsAsync(ProjectKey, ModelId, cancellationToken));
        var details = await Engines.CallAsync<SavedModelService, SavedModelDetails>(models => models.GetVersionAsync(ProjectKey, ModelId, Version ?? model.ActiveVersion, cancellationToken));
        return new SavedModelState(model, [.. versions.Reverse()], details.Version, new ModelReport(details.Report));
    }
}
