using System.Globalization;
using Peregrine.Client;
using Peregrine.Terminal;
using Peregrine.Verbs;

namespace Peregrine.Demo;

/// <summary>Three algorithms on the prepared payments, and the best of them as a saved model.</summary>
internal sealed class DemoTraining(PeregrineClient client, Narrator narrator)
{
    /// <returns>The id of the saved model.</returns>
    public async Task<string> EnsureModelAsync(CancellationToken cancellationToken)
    {
        narrator.Step("Training");
        var saved = (await client.SavedModels.ListAsync(DemoFraud.Project, cancellationToken)).FirstOrDefault(model => model.Name == DemoFraud.Model);
        if (saved is not null)
        {
            narrator.Done($"the saved model of an earlier run is here: {saved.Id}");
            return saved.Id;
        }

        narrator.Done("cleaned, cardholder and merchant looked up, times and distances worked out: the same program will run on the API node");
        var task = await TrainingRun.PrepareAsync(client, DemoFraud.Plan, cancellationToken);
        var models = await ProgressView.RunAsync("Training", progress => client.Lab.TrainAsync(task, DemoFraud.Plan.Name, progress, cancellationToken));
        return await ChooseAsync(task, models, cancellationToken);
    }

    private async Task<string> ChooseAsync(MlTask task, IReadOnlyList<LabModel> models, CancellationToken cancellationToken)
    {
        var columns = Leaderboard.Columns(models);
        narrator.Table(
            ["ALGORITHM", .. columns.Select(column => column.Header), "TIME"],
            [.. Leaderboard.Ordered(models).Select(model => Leaderboard.Row(model, columns)[..(columns.Count + 2)])], best: 0);
        var best = Leaderboard.Best(models) ?? throw new ClientException("No model could be trained: " + string.Join("; ", models.Select(model => $"{model.Algorithm}: {model.Failure}")));
        narrator.Note("measured on the latest 20 % of the payments, which no model has seen");
        var id = await client.Lab.DeployAsync(task, best.Id, DemoFraud.Model, DemoFraud.Payments, savedModel: null, cancellationToken);
        narrator.Done(string.Create(CultureInfo.InvariantCulture, $"{best.Algorithm} finds most fraud among its alarms (PR AUC {best.Metric("averagePrecision"):0.000}): saved model {id}"));
        return id;
    }
}
