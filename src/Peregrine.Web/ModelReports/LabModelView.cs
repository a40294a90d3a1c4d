using Peregrine.Designing.Lab;
using Peregrine.Designing.SavedModels;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.ModelReports;

/// <param name="SavedModels">Of the project, that predict the same: the model can become a version of one.</param>
public sealed record LabModelState(TrainedModelDetails Model, ModelReport? Report, string Target, IReadOnlyList<SavedModelSummary> SavedModels);

/// <summary>A model of the lab: its report, and the way into the project.</summary>
public sealed class LabModelView(Engines engines) : ViewModel<LabModelState>(engines)
{
    public string ProjectKey { get; set; } = "";
    public string Analysis { get; set; } = "";
    public string MlTask { get; set; } = "";
    public string ModelId { get; set; } = "";

    /// <summary>Keeps the model in the project: as a saved model of its own, or as the next version of one.</summary>
    public async Task<(DeployedModel? Made, Fault? Fault)> KeepAsync(string? savedModel, string name, string actor, CancellationToken cancellationToken)
    {
        DeployedModel? made = null;
        var fault = await Engines.GuardAsync(async () => made = await Engines.CallAsync<SavedModelService, DeployedModel>(models => savedModel is null
            ? models.DeployAsync(ProjectKey, ModelId, name, actor, cancellationToken)
            : models.RedeployAsync(ProjectKey, ModelId, savedModel, recipeName: null, activate: true, actor, cancellationToken)));
        return (made, fault);
    }

    protected override async Task<LabModelState> ReadAsync(CancellationToken cancellationToken)
    {
        var task = new MlTaskRef(ProjectKey, Analysis, MlTask);
        var model = await Engines.CallAsync<TrainingService, TrainedModelDetails>(training => training.GetModelAsync(task, ModelId, cancellationToken));
        var saved = await Engines.CallAsync<SavedModelService, IReadOnlyList<SavedModelSummary>>(models => models.ListAsync(ProjectKey, cancellationToken));
        var target = model.Settings["targetVariable"]?.GetValue<string>() ?? "";
        return new LabModelState(model, model.Report is null ? null : new ModelReport(model.Report), target,
            [.. saved.Where(other => other.Target == target && other.PredictionType == model.Summary.PredictionType)]);
    }
}
