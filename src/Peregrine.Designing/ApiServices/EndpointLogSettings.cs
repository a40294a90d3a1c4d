using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Designing.ApiServices;

/// <summary>
/// The members of an endpoint's settings that say what answers and the query log hold of a record:
/// <c>"postEnrichment":{"inAnswer":false,"inLog":true},"logColumns":[{"column":"card_id","in":"ANY","action":"HASH"}]</c>.
/// </summary>
internal static class EndpointLogSettings
{
    private const string Prepared = "postEnrichment";
    private const string InAnswer = "inAnswer";
    private const string InLog = "inLog";
    private const string Columns = "logColumns";
    private const int MostRules = 1_000;

    private static readonly string[] s_ruleMembers = ["column", "in", "action", "edges"];

    /// <summary>Both members with their values, defaults where the endpoint has none.</summary>
    public static JsonObject Of(JsonObject endpoint) => Write(Read(endpoint));

    /// <param name="endpoint">Checked; what is not in order counts as absent.</param>
    public static EndpointLog Read(JsonObject endpoint)
    {
        var prepared = endpoint[Prepared] as JsonObject;
        return new EndpointLog
        {
            PostEnrichment = new PostEnrichmentSettings { InAnswer = prepared?.Boolean(InAnswer) ?? false, InLog = prepared?.Boolean(InLog) ?? false },
            Columns = [.. (endpoint[Columns] as JsonArray ?? []).Select(rule => TryRead(rule, out _)).OfType<LogColumnRule>()],
        };
    }

    public static JsonObject Write(EndpointLog log) => new()
    {
        [Prepared] = new JsonObject { [InAnswer] = log.PostEnrichment.InAnswer, [InLog] = log.PostEnrichment.InLog },
        [Columns] = new JsonArray([.. log.Columns.Select(Write)]),
    };

    /// <summary>Puts members into an endpoint's settings; those that are not given stay.</summary>
    /// <exception cref="ApiErrorException">400: a member that is none of these.</exception>
    public static void Apply(JsonObject changes, JsonObject endpoint)
    {
        foreach (var (name, value) in changes)
        {
            if (name == Columns) endpoint[name] = value?.DeepClone();
            else if (name != Prepared) throw Refusal.Invalid($"'{name}' is no setting of this kind. There are {Prepared} and {Columns}.");
            else if (value is not JsonObject flags || endpoint[name] is not JsonObject before) endpoint[name] = value?.DeepClone();
            else foreach (var (flag, one) in flags) before[flag] = one?.DeepClone();
        }
    }

    public static void Check(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        CheckPrepared(endpoint, pointer, faults);
        if (!endpoint.ContainsKey(Columns)) return;
        if (endpoint[Columns] is not JsonArray rules)
        {
            faults.Add(new ApiErrorItem($"{pointer}/{Columns}", "BadColumns", $"'{Columns}' is not a list of rules such as {{\"column\":\"card_id\",\"action\":\"HASH\"}}."));
            return;
        }

        if (rules.Count > MostRules) faults.Add(new ApiErrorItem($"{pointer}/{Columns}", "BadColumns", $"There are {rules.Count:N0} rules for columns; give at most {MostRules:N0}."));
        for (var at = 0; at < rules.Count; at++)
            if (TryRead(rules[at], out var wrong) is null) faults.Add(new ApiErrorItem($"{pointer}/{Columns}/{at}", "BadColumn", $"Rule {at + 1} of the query log {wrong}."));
    }

    private static void CheckPrepared(JsonObject endpoint, string pointer, List<ApiErrorItem> faults)
    {
        if (!endpoint.ContainsKey(Prepared)) return;
        if (endpoint[Prepared] is not JsonObject prepared)
        {
            faults.Add(new ApiErrorItem($"{pointer}/{Prepared}", "BadPostEnrichment", $"'{Prepared}' is an object such as {{\"inAnswer\":false,\"inLog\":true}}, not {endpoint[Prepared]?.ToJsonString() ?? "null"}."));
            return;
        }

        foreach (var (flag, value) in prepared)
        {
            if (flag is not (InAnswer or InLog)) faults.Add(new ApiErrorItem($"{pointer}/{Prepared}/{flag}", "BadPostEnrichment", $"'{Prepared}' has no member '{flag}'. There are {InAnswer} and {InLog}."));
            else if (prepared.Boolean(flag) is null) faults.Add(new ApiErrorItem($"{pointer}/{Prepared}/{flag}", "BadFlag", $"'{flag}' is true or false, not {value?.ToJsonString() ?? "null"}."));
        }

        if (endpoint.Boolean("quiet") == true && prepared.Boolean(InAnswer) == true)
            faults.Add(new ApiErrorItem($"{pointer}/{Prepared}/{InAnswer}", "QuietTells", "A quiet endpoint cannot give prepared records in its answers: they name the features. Turn one of the two off."));
    }

    private static JsonObject Write(LogColumnRule rule)
    {
        var written = new JsonObject { ["column"] = rule.Column, ["in"] = rule.In.ToString().ToUpperInvariant(), ["action"] = rule.Action.ToString().ToUpperInvariant() };
        if (rule.Edges.Count > 0) written["edges"] = new JsonArray([.. rule.Edges.Select(edge => (JsonNode)edge)]);
        return written;
    }

    /// <param name="wrong">Goes on after <c>Rule 1 of the query log</c>.</param>
    private static LogColumnRule? TryRead(JsonNode? value, out string? wrong)
    {
        wrong = "is not an object such as {\"column\":\"card_id\",\"action\":\"HASH\"}";
        if (value is not JsonObject rule) return null;
        wrong = rule.Select(member => member.Key).FirstOrDefault(name => !s_ruleMembers.Contains(name)) is { } unknown
            ? $"has a member '{unknown}'; there are {string.Join(", ", s_ruleMembers)}" : null;
        var part = rule["in"] is null ? LogPart.Any : Word<LogPart>(rule.String("in"));
        var action = Word<LogAction>(rule.String("action"));
        if (part is null) wrong ??= $"is for '{Shown(rule["in"])}'; 'in' is ANY, FEATURES or CONTEXT";
        if (action is null) wrong ??= $"does '{Shown(rule["action"])}'; 'action' is KEEP, HASH, BUCKET or DROP";
        var edges = Edges(rule["edges"]);
        if (edges is null) wrong ??= $"has edges that are not a list of numbers: {Shown(rule["edges"])}";
        if (wrong is not null) return null;
        var read = new LogColumnRule { Column = rule.String("column") ?? "", In = part!.Value, Action = action!.Value, Edges = edges! };
        wrong = read.Fault();
        if (wrong is null && read.Action != LogAction.Bucket && read.Edges.Count > 0) wrong = $"gives edges for '{read.Column}' but does not bucket it";
        return wrong is null ? read : null;
    }

    private static double[]? Edges(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list when list.All(item => item is JsonValue number && number.GetValueKind() == JsonValueKind.Number) => [.. list.Select(item => item!.AsValue().GetValue<double>())],
        _ => null,
    };

    private static T? Word<T>(string? word)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals(value.ToString()!.ToUpperInvariant(), word, StringComparison.Ordinal));

    private static string Shown(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var word) ? word : value?.ToJsonString() ?? "";
}
