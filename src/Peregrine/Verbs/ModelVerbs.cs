using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class ModelVerbs
{
    public static Command Create() =>
        ClientVerb.Group("model", "Models: those trained in the lab, and the saved models of a project.", ListVerb(), ShowVerb(), DeployVerb());

    private static Command ListVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List saved models with their active version, and the models of the lab.", [project, json], async (client, parsed, cancellationToken) =>
        {
            var key = parsed.GetRequiredValue(project);
            var saved = new List<(SavedModelItem Model, string? Active)>();
            foreach (var model in await client.SavedModels.ListAsync(key, cancellationToken))
                saved.Add((model, (await client.SavedModels.VersionsAsync(key, model.Id, cancellationToken)).FirstOrDefault(version => version.Active)?.Id));
            var trained = await TrainedAsync(client, key, cancellationToken);
            if (parsed.GetValue(json)) Output.Json(Document(saved, trained));
            else Print(saved, trained);
        });
    }

    private static JsonObject Document(List<(SavedModelItem Model, string? Active)> saved, IReadOnlyList<LabModel> trained) => new()
    {
        ["savedModels"] = new JsonArray([.. saved.Select(one => new JsonObject { ["id"] = one.Model.Id, ["name"] = one.Model.Name, ["activeVersion"] = one.Active })]),
        ["labModels"] = new JsonArray([.. trained.Select(model => model.Snippet.DeepClone())]),
    };

    private static void Print(List<(SavedModelItem Model, string? Active)> saved, IReadOnlyList<LabModel> trained)
    {
        Output.Table(["SAVED MODEL", "NAME", "ACTIVE VERSION"], saved.Select(one => new[] { one.Model.Id, one.Model.Name ?? "", one.Active ?? "-" }));
        if (trained.Count > 0) Leaderboard.Print(trained);
    }

    private static async Task<IReadOnlyList<LabModel>> TrainedAsync(PeregrineClient client, string project, CancellationToken cancellationToken)
    {
        var models = new List<LabModel>();
        foreach (var task in await client.Lab.ListTasksAsync(project, cancellationToken))
        {
            var ids = (await client.Lab.StatusAsync(task, cancellationToken)).FullModelIds.Select(model => model.Id).ToList();
            if (ids.Count > 0) models.AddRange(await client.Lab.ModelsAsync(task, ids, cancellationToken));
        }

        return models;
    }

    private static Command ShowVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var model = ClientVerb.Argument("MODEL", "Id of a model of the lab, as train and model list print it.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("show", "Show what is known of a trained model.", [project, model, json], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(model);
            var task = TaskOf(parsed.GetRequiredValue(project), id);
            var found = (await client.Lab.ModelsAsync(task, [id], cancellationToken))[0];
            var clusters = found.Metric("silhouette") is null ? null : (await client.Lab.DetailsAsync(task, id, cancellationToken))["facts"];
            if (parsed.GetValue(json))
            {
                if (clusters is not null) found.Snippet["facts"] = clusters.DeepClone();
                Output.Json(found.Snippet);
                return;
            }

            Output.Table(["MEMBER", "VALUE"], found.Snippet.Where(member => member.Value is JsonValue).Select(member => new[] { member.Key, Text(member.Value!) }));
            if (clusters?["clusters"] is JsonArray facts) ClusterTable.Print(facts);
        });
    }

    private static Command DeployVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var model = ClientVerb.Argument("MODEL", "Id of a model of the lab.");
        var name = ClientVerb.Option("--name", "Name of the saved model. Default: the id of the model.", "NAME");
        var into = ClientVerb.Option("--into", "Id of a saved model that gets a new active version; without it a new saved model is made.", "SAVED_MODEL");
        return ClientVerb.Create("deploy", "Make a saved model of a trained one: what endpoints serve.", [project, model, name, into], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(model);
            var task = await WithDatasetAsync(client, TaskOf(parsed.GetRequiredValue(project), id), cancellationToken);
            var saved = await client.Lab.DeployAsync(task, id, parsed.GetValue(name) ?? id, task.InputDataset!, parsed.GetValue(into), cancellationToken);
            Output.Line($"Saved model {saved}");
        });
    }

    private static async Task<MlTask> WithDatasetAsync(PeregrineClient client, MlTask task, CancellationToken cancellationToken) =>
        (await client.Lab.ListTasksAsync(task.ProjectKey, cancellationToken)).FirstOrDefault(one => one.AnalysisId == task.AnalysisId && one.MlTaskId == task.MlTaskId)
        ?? throw new UsageException($"Project '{task.ProjectKey}' has no such model.");

    /// <summary>Ids of lab models are <c>A-{project}-{analysis}-{task}-s1-pp1-m1</c>.</summary>
    internal static MlTask TaskOf(string project, string model)
    {
        var parts = model.Split('-');
        return parts.Length >= 7 && parts[0] == "A" && parts[1] == project
            ? new MlTask(project, parts[2], parts[3])
            : throw new UsageException($"'{model}' is no id of a lab model of project '{project}'; 'peregrine model list {project}' prints them.");
    }

    private static string Text(JsonNode value) =>
        value.AsValue().TryGetValue<double>(out var number) ? number.ToString("G6", CultureInfo.InvariantCulture) : value.ToString();
}
