using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>The part of <c>query</c> that asks why, and shows it.</summary>
internal sealed class QueryExplanations
{
    private const int LongestBar = 20;

    private readonly Option<string?> _method = new("--explain")
    {
        Description = "Tell how far each feature moved the prediction, by shapley (default) or ice.", HelpName = "METHOD", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> _top = new("--top") { Description = "Features to tell with --explain, those of the largest influence. Default: the endpoint's setting, 3.", HelpName = "N" };

    private readonly Option<bool> _json = ClientVerb.Json();

    public IEnumerable<Option> Options => [_method, _top, _json];

    /// <summary>Whether --explain is given.</summary>
    public bool Wanted(ParseResult parsed) => parsed.GetResult(_method) is { } given && !given.Implicit;

    /// <summary>Whether the options go together.</summary>
    /// <param name="asCsv">Whether the results come as CSV.</param>
    /// <exception cref="UsageException">An option is out of place or has no good value.</exception>
    public void Check(ParseResult parsed, bool asCsv)
    {
        if (asCsv && parsed.GetValue(_json)) throw new UsageException($"{_json.Name} does not go with --csv: its results are CSV. Leave out one of the two.");
        if (parsed.GetValue(_top) is { } top && top < 1) throw new UsageException($"{_top.Name} is {top}; give a whole number from 1.");
        if (Wanted(parsed)) MethodOf(parsed.GetValue(_method));
        else if (parsed.GetValue(_top) is not null) throw new UsageException($"{_top.Name} goes with {_method.Name}.");
    }

    /// <summary>The request with the wish for explanations, which takes the place of one that it has.</summary>
    public string Ask(ParseResult parsed, string body)
    {
        if (!Wanted(parsed)) return body;
        var wish = new JsonObject { ["enabled"] = true, ["method"] = MethodOf(parsed.GetValue(_method)) };
        if (parsed.GetValue(_top) is { } top) wish["nExplanations"] = top;
        var request = JsonNode.Parse(body)!;
        request["explanations"] = wish;
        return request.ToJsonString();
    }

    /// <summary>The same wish as parameters of a query, from its ampersand on; empty when there is none.</summary>
    public string Parameters(ParseResult parsed)
    {
        if (!Wanted(parsed)) return "";
        var top = parsed.GetValue(_top) is { } most ? string.Create(CultureInfo.InvariantCulture, $"&explanations.nExplanations={most}") : "";
        return $"&explanations.enabled=true&explanations.method={MethodOf(parsed.GetValue(_method))}{top}";
    }

    /// <summary>Prints an answer: as JSON, or with explanations as one line a result and a table of influences.</summary>
    /// <param name="body">What was asked.</param>
    public void Tell(ParseResult parsed, string body, JsonNode answer)
    {
        if (!Wanted(parsed) || parsed.GetValue(_json))
        {
            Output.Json(answer);
            return;
        }

        var request = JsonNode.Parse(body)!;
        var asked = request["items"] as JsonArray ?? [request.DeepClone()];
        var results = answer["results"] as JsonArray ?? [answer["result"]?.DeepClone()];
        for (var i = 0; i < results.Count; i++) Tell(results[i], i < asked.Count ? asked[i]?["features"] : null, results.Count > 1 ? $"Record {i + 1}: " : "");
    }

    private static string MethodOf(string? given) => (given ?? "shapley").ToUpperInvariant() switch
    {
        "SHAPLEY" => "SHAPLEY",
        "ICE" => "ICE",
        _ => throw new UsageException($"--explain '{given}' is no method; give shapley or ice."),
    };

    private static void Tell(JsonNode? result, JsonNode? features, string head)
    {
        if (result?["ignored"]?.GetValue<bool>() == true)
        {
            Output.Line($"{head}ignored: {result["ignoreReason"]}");
            return;
        }

        var probas = (result?["probas"] as JsonObject ?? []).Select(proba => $"{proba.Key} {Figure(proba.Value, "0.######")}");
        Output.Line($"{head}prediction {result?["prediction"]}{string.Concat(probas.Select(proba => $", {proba}"))}");
        var influences = (result?["explanations"] as JsonObject ?? []).Select(one => (Feature: one.Key, Influence: one.Value!.GetValue<double>())).ToList();
        var largest = influences.Select(one => Math.Abs(one.Influence)).DefaultIfEmpty(0).Max();
        Output.Table(["FEATURE", "VALUE", "INFLUENCE", ""], influences.Select(one => new[]
        {
            one.Feature, features?[one.Feature]?.ToString() ?? "", one.Influence.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture), Bar(one.Influence, largest),
        }));
    }

    private static string Bar(double influence, double largest) =>
        new(influence < 0 ? '-' : '+', largest > 0 ? (int)Math.Round(LongestBar * Math.Abs(influence) / largest) : 0);

    private static string Figure(JsonNode? value, string format) => value is JsonValue number && number.TryGetValue<double>(out var figure) ? figure.ToString(format, CultureInfo.InvariantCulture) : "";
}
