using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Packages.Drift;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Compares what nodes have seen with what the model was trained on.</summary>
internal static class NodeDriftVerb
{
    private static readonly Argument<string> s_service = ClientVerb.Argument("SERVICE", "Id of the service.");
    private static readonly Option<string?> s_endpoint = ClientVerb.Option("--endpoint", "Only this endpoint.", "ENDPOINT");
    private static readonly Option<string?> s_generation = ClientVerb.Option("--generation", "Only this generation. Default: all that are loaded.", "GENERATION");
    private static readonly Option<string?> s_window = ClientVerb.Option("--window", "1h, 1d or load, or what the node keeps. Default: its first one.", "WINDOW");
    private static readonly Option<string[]> s_merge = new("--merge")
    {
        Description = "More nodes, with the same admin key, whose counts are added exactly.", HelpName = "URL", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> s_counts = new("--counts") { Description = "With --json: the raw counts too." };
    private static readonly Option<bool> s_json = ClientVerb.Json();

    public static Command Create()
    {
        var command = new Command("drift", "Compare live traffic with the training data.") { s_service };
        foreach (var option in new Option[] { s_endpoint, s_generation, s_window, s_merge, s_counts, s_json }) command.Options.Add(option);
        var connection = new NodeConnectionOptions();
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await ReadAsync(connection, parsed, cancellationToken);
            if (!parsed.GetValue(s_json)) Print(answer);
            else Output.Json(JsonSerializer.SerializeToNode(
                parsed.GetValue(s_counts) ? answer : answer with { Reports = [.. answer.Reports.Select(DriftComparison.WithoutCounts)] }, DriftJson.Default.DriftAnswer));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<DriftAnswer> ReadAsync(NodeConnectionOptions connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        var service = parsed.GetRequiredValue(s_service);
        var query = Query(parsed);
        using var first = await connection.ConnectAsync(parsed, cancellationToken);
        var answers = new List<DriftAnswer> { await first.ReadDriftAsync(service, query, cancellationToken) };
        foreach (var url in parsed.GetValue(s_merge) ?? [])
        {
            using var other = await connection.ConnectAsync(parsed, url, cancellationToken);
            answers.Add(await other.ReadDriftAsync(service, query, cancellationToken));
        }

        try
        {
            return DriftReports.Merge(answers);
        }
        catch (ArgumentException strange)
        {
            throw new ClientException(strange.Message, inner: strange);
        }
    }

    private static string Query(ParseResult parsed) => "?counts=true" + string.Concat(
        new[] { ("endpoint", parsed.GetValue(s_endpoint)), ("generation", parsed.GetValue(s_generation)), ("window", parsed.GetValue(s_window)) }
            .Where(pair => pair.Item2 is not null).Select(pair => $"&{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));

    private static void Print(DriftAnswer answer)
    {
        if (answer.Reports.Count == 0) Output.Note("No generation of the service is loaded.");
        foreach (var report in answer.Reports)
        {
            Output.Line(Headline(report));
            if (report.State != DriftState.Compared) continue;
            Output.Table(
                ["FIELD", "VERDICT", "PSI", "P", "IMPORTANCE", "MISSING", "UNSEEN"],
                report.Features.Select(field => Row(field, field.Name)).Concat(report.Predictions.Select(field => Row(field, $"prediction: {field.Name}"))));
        }
    }

    private static string Headline(DriftReport report)
    {
        var name = $"{report.ServiceId} / {report.EndpointId}, generation {report.Generation}";
        return report.State switch
        {
            DriftState.NoReference => $"{name}: the model carries no training reference. Train and publish it again to compare.",
            DriftState.Off => $"{name}: drift is switched off on the node.",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"{name}, window {report.Window}: {report.Rows:N0} records on {report.Nodes} node{(report.Nodes == 1 ? "" : "s")}, {report.Drifted} of {report.Features.Count} features drifted, weighted PSI {report.Score ?? 0:0.000}"),
        };
    }

    private static string[] Row(FieldDrift field, string name) =>
    [
        name, JsonNamingPolicy.KebabCaseLower.ConvertName(field.Verdict.ToString()).Replace('-', ' '), Figure(field.Psi, "0.000"), Figure(field.AdjustedP, "0.0e0"),
        Percent(field.Importance), $"{Percent(field.MissingLive)} ({Percent(field.MissingTraining)})", $"{Percent(field.UnseenLive)} ({Percent(field.UnseenTraining)})",
    ];

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
