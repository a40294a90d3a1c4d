using System.Globalization;
using System.Text.Json;
using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Web.ApiDesigner;

/// <summary>What answers and the query log hold of an endpoint's records, in words, as a command and as a REST body.</summary>
public static class LogWords
{
    public static IReadOnlyList<LogAction> Actions { get; } = [LogAction.Keep, LogAction.Hash, LogAction.Bucket, LogAction.Drop];

    public static IReadOnlyList<LogPart> Parts { get; } = [LogPart.Any, LogPart.Features, LogPart.Context];

    public static string Of(LogAction action) => action switch
    {
        LogAction.Keep => "keep",
        LogAction.Hash => "hash",
        LogAction.Bucket => "interval",
        _ => "drop",
    };

    public static string Of(LogPart part) => part switch
    {
        LogPart.Any => "anywhere",
        LogPart.Features => "features",
        _ => "context",
    };

    /// <summary>What is not as by default; empty when all is.</summary>
    public static IReadOnlyList<string> Changes(EndpointLog log) =>
    [
        .. log.PostEnrichment.InAnswer ? ["prepared record in answers"] : (string[])[],
        .. log.PostEnrichment.InLog ? ["prepared record in the log"] : (string[])[],
        .. log.Columns.Select(rule => $"{rule.Column}: {Of(rule.Action)}"),
    ];

    /// <summary>Options of <c>service set-log</c>.</summary>
    public static string Options(EndpointLog log) => string.Concat(
    [
        $" --prepared-in-answer {Word(log.PostEnrichment.InAnswer)} --prepared-in-log {Word(log.PostEnrichment.InLog)}",
        .. log.Columns.Count == 0 ? [" --no-columns"] : log.Columns.Select(rule => $" \\\n  --column '{Command(rule)}'"),
    ]);

    public static string Body(EndpointLog log) =>
        $"{{\"postEnrichment\":{{\"inAnswer\":{Word(log.PostEnrichment.InAnswer)},\"inLog\":{Word(log.PostEnrichment.InLog)}}},\"logColumns\":[{string.Join(',', log.Columns.Select(Body))}]}}";

    private static string Command(LogColumnRule rule)
    {
        var part = rule.In == LogPart.Any ? "" : $"{Of(rule.In)}:";
        return $"{part}{rule.Column}={rule.Action.ToString().ToLowerInvariant()}{(rule.Edges.Count == 0 ? "" : ":" + Edges(rule))}";
    }

    private static string Body(LogColumnRule rule) =>
        $"{{\"column\":{JsonSerializer.Serialize(rule.Column)},\"in\":\"{rule.In.ToString().ToUpperInvariant()}\",\"action\":\"{rule.Action.ToString().ToUpperInvariant()}\"{(rule.Edges.Count == 0 ? "" : $",\"edges\":[{Edges(rule)}]")}}}";

    private static string Edges(LogColumnRule rule) => string.Join(',', rule.Edges.Select(edge => edge.ToString("R", CultureInfo.InvariantCulture)));

    private static string Word(bool flag) => flag ? "true" : "false";
}
