using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class TrainVerb
{
    public static Command Create()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var dataset = ClientVerb.Argument("DATASET", "Name of the dataset.");
        var target = new Option<string>("--target") { Description = "The column to predict.", HelpName = "COLUMN", Required = true };
        var ignore = ClientVerb.Option("--ignore", "Columns not to use, such as ids: a,b,c.", "COLUMNS");
        var split = new Option<string>("--split") { Description = "How rows are kept back for the test: random, or time (the latest ones).", DefaultValueFactory = _ => "random" };
        split.AcceptOnlyFromAmong("random", "time");
        var timeColumn = ClientVerb.Option("--time-column", "With --split time: the column that orders the rows.", "COLUMN");
        var ratio = new Option<double>("--train-ratio") { Description = "Share of rows to train on, between 0.05 and 0.95.", HelpName = "SHARE", DefaultValueFactory = _ => 0.8 };
        var algorithms = ClientVerb.Option("--algorithms", "What to train: logistic (or linear), forest, boosting, or keys of the lab's settings. Default: what the server proposes.", "LIST");
        var steps = ClientVerb.Option("--steps", "JSON file with preparation steps, run before training and on every request.", "FILE");
        var name = ClientVerb.Option("--name", "Name of the training session.", "NAME");
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "train", "Train models on a dataset and compare them.", [project, dataset, target, ignore, split, timeColumn, ratio, algorithms, steps, name, json],
            async (client, parsed, cancellationToken) =>
            {
                var plan = new TrainingPlan
                {
                    Project = parsed.GetRequiredValue(project),
                    Dataset = parsed.GetRequiredValue(dataset),
                    Target = parsed.GetRequiredValue(target),
                    Ignore = List(parsed.GetValue(ignore)),
                    TimeColumn = TimeColumn(parsed.GetRequiredValue(split), parsed.GetValue(timeColumn)),
                    TrainRatio = parsed.GetValue(ratio) is >= 0.05 and <= 0.95 and var share ? share : throw new UsageException("--train-ratio must lie between 0.05 and 0.95."),
                    Algorithms = List(parsed.GetValue(algorithms)),
                    Steps = parsed.GetValue(steps) is { } file ? ReadSteps(file) : null,
                    Name = parsed.GetValue(name),
                };
                return await RunAsync(client, plan, parsed.GetValue(json), cancellationToken);
            });
    }

    private static async Task<int> RunAsync(PeregrineClient client, TrainingPlan plan, bool json, CancellationToken cancellationToken)
    {
        var models = await ProgressView.RunAsync(
            $"Training on {plan.Project}.{plan.Dataset}", progress => TrainingRun.RunAsync(client, plan, progress, cancellationToken));
        if (json) Output.Json(new JsonArray([.. models.Select(model => model.Snippet.DeepClone())]));
        else Leaderboard.Print(models);
        foreach (var failed in models.Where(model => !model.IsDone)) Output.Note($"{failed.Algorithm} failed: {failed.Failure}");
        if (!models.Any(model => model.IsDone)) return ExitCodes.Failure;
        if (!json) Output.Note($"Next: peregrine model deploy {plan.Project} {Leaderboard.Best(models)!.Id} --name {plan.Target}");
        return ExitCodes.Ok;
    }

    private static string? TimeColumn(string split, string? column) => (split, column) switch
    {
        ("time", null) => throw new UsageException("--split time needs --time-column: the column that orders the rows."),
        ("random", not null) => throw new UsageException("--time-column belongs to --split time; the split is random."),
        _ => column,
    };

    private static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static JsonArray ReadSteps(string path) =>
        JsonFile.Read(path) as JsonArray ?? throw new UsageException($"'{path}' must hold a JSON list of preparation steps.");
}
