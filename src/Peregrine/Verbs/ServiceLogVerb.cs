using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service set-log</c>: what answers and the query log hold of an endpoint's records.</summary>
internal static class ServiceLogVerb
{
    public static Command Create()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var endpoint = ClientVerb.Argument("ENDPOINT", "Id of the endpoint.");
        var inAnswer = new Option<bool?>("--prepared-in-answer") { Description = "Whether results hold the record as the model saw it, after lookups: true or false." };
        var inLog = new Option<bool?>("--prepared-in-log") { Description = "Whether the query log's lines hold it: true or false." };
        var columns = new Option<string[]>("--column") { Description = $"A rule for a column of the query log, {LogColumnText.Form}; give it once for each, the first that fits decides. They replace the rules of before." };
        columns.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (LogColumnText.TryParse(token.Value) is null) result.AddError($"'{token.Value}' is no rule for a column; write {LogColumnText.Form}.");
        });
        var none = new Option<bool>("--no-columns") { Description = "Take away every rule." };
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "set-log", "Say what answers and the query log hold of an endpoint's records, or list it. It holds from the next package on.",
            [project, service, endpoint, inAnswer, inLog, columns, none, json], async (client, parsed, cancellationToken) =>
            {
                var (key, id, name) = (parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(endpoint));
                var changes = Changes(parsed.GetValue(inAnswer), parsed.GetValue(inLog), parsed.GetValue(columns) ?? [], parsed.GetValue(none));
                if (changes.Count > 0) await client.ApiServices.ChangeLogAsync(key, id, name, changes, cancellationToken);
                var log = await client.ApiServices.GetLogAsync(key, id, name, cancellationToken);
                if (parsed.GetValue(json)) Output.Json(log);
                else Output.Table(["SETTING", "VALUE"], Rows(log));
            });
    }

    private static JsonObject Changes(bool? inAnswer, bool? inLog, string[] columns, bool none)
    {
        var changes = new JsonObject();
        var prepared = new JsonObject();
        if (inAnswer is { } answer) prepared["inAnswer"] = answer;
        if (inLog is { } log) prepared["inLog"] = log;
        if (prepared.Count > 0) changes["postEnrichment"] = prepared;
        if (none || columns.Length > 0) changes["logColumns"] = new JsonArray([.. columns.Select(LogColumnText.TryParse)]);
        return changes;
    }

    private static IEnumerable<string[]> Rows(JsonObject log)
    {
        yield return ["prepared in answer", log["postEnrichment"]!["inAnswer"]!.ToString().ToLowerInvariant()];
        yield return ["prepared in log", log["postEnrichment"]!["inLog"]!.ToString().ToLowerInvariant()];
        foreach (var rule in log["logColumns"]!.AsArray()) yield return ["column", LogColumnText.Of(rule!.AsObject())];
    }
}
