namespace Peregrine.Client;

/// <summary>The whole way from a plan to trained models: an analysis, its preparation, a task, its settings, a session.</summary>
public static class TrainingRun
{
    public static async Task<IReadOnlyList<LabModel>> RunAsync(
        PeregrineClient client, TrainingPlan plan, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var task = await PrepareAsync(client, plan, cancellationToken);
        return await client.Lab.TrainAsync(task, plan.Name, progress, cancellationToken);
    }

    public static async Task<MlTask> PrepareAsync(PeregrineClient client, TrainingPlan plan, CancellationToken cancellationToken)
    {
        var analysis = await client.Lab.CreateAnalysisAsync(plan.Project, plan.Dataset, cancellationToken);
        if (plan.Steps is not null) await client.Lab.SetStepsAsync(plan.Project, analysis, (System.Text.Json.Nodes.JsonArray)plan.Steps.DeepClone(), cancellationToken);
        var task = await client.Lab.CreateTaskAsync(plan.Project, analysis, plan.Target, predictionType: null, cancellationToken);
        var settings = await client.Lab.GetSettingsAsync(task, cancellationToken);
        TrainingSettings.Apply(plan, settings);
        await client.Lab.SaveSettingsAsync(task, settings, cancellationToken);
        return task;
    }
}
