using System.CommandLine;
using System.Globalization;
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
        var target = ClientVerb.Option("--target", "The column to predict. Without it, --clusters looks for groups of rows.", "COLUMN");
        var clusters = ClientVerb.Option("--clusters", "Look for clusters: how many (4), numbers to choose from (3,4,5 or 2-8), or auto.", "NUMBER");
        var outliers = new Option<double?>("--outliers") { Description = "With --clusters: share of rows, above 0 and up to 0.2, that lie too far from every cluster.", HelpName = "SHARE" };
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
            "train", "Train models on a dataset and compare them.", [project, dataset, target, clusters, outliers, ignore, split, timeColumn, ratio, algorithms, steps, name, json],
            async (client, parsed, cancellationToken) =>
            {
                var counts = Clusters(parsed.GetValue(clusters));
                CheckAim(parsed.GetValue(target), counts, parsed.GetValue(outliers));
                if (counts is not null && ((Option[])[split, timeColumn, ratio, algorithms]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
                    throw new UsageException($"{stray.Name} is for predictions: clusters are looked for in all rows.");
                var plan = new TrainingPlan
                {
                    Project = parsed.GetRequiredValue(project),
                    Dataset = parsed.GetRequiredValue(dataset),
                    Target = parsed.GetValue(target),
                    Clusters = counts ?? [],
                    Outliers = parsed.GetValue(outliers),
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
        if (!json) Output.Note($"Next: peregrine model deploy {plan.Project} {Leaderboard.Best(models)!.Id} --name {plan.Target ?? "clusters"}");
        return ExitCodes.Ok;
    }

    /// <summary>Either a target or clusters.</summary>
    private static void CheckAim(string? target, IReadOnlyList<int>? clusters, double? outliers)
    {
        if (target is null && clusters is null) throw new UsageException("Say what to train for: --target COLUMN to predict a column, or --clusters NUMBER to find groups of rows.");
        if (target is not null && clusters is not null) throw new UsageException("--target predicts a column and --clusters finds groups of rows: give one of the two.");
        if (outliers is not null && clusters is null) throw new UsageException("--outliers belongs to --clusters.");
        if (outliers is not (null or > 0 and <= 0.2)) throw new UsageException("--outliers must lie above 0 and be 0.2 at most.");
    }

    /// <summary>Null when not asked for; empty for auto.</summary>
    private static IReadOnlyList<int>? Clusters(string? text)
    {
        if (text is null) return null;
        if (text == "auto") return [];
        var parts = text.Split('-');
        if (parts.Length == 2 && Count(parts[0]) is { } from && Count(parts[1]) is { } to && from <= to) return [.. Enumerable.Range(from, to - from + 1)];
        var counts = List(text).Select(Count).ToList();
        return counts.Count > 0 && counts.TrueForAll(count => count is not null)
            ? [.. counts.Select(count => count!.Value)]
            : throw new UsageException($"'{text}' is no number of clusters: give one from 2 to 100 (4), several (3,4,5), a range (2-8) or auto.");
    }

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 2 and <= 100 ? count : null;

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
