using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class QueryVerb
{
    public const string ServiceKeyVariable = "PEREGRINE_SERVICE_KEY";

    public static Command Create()
    {
        var deployment = ClientVerb.Argument("DEPLOYMENT", "Id of the deployment.");
        var endpoint = ClientVerb.Argument("ENDPOINT", "Id of the endpoint.");
        var record = new Argument<string?>("RECORD") { Description = "The record as JSON: {\"amount\": 12.5, …}, or {\"data\": {key}} for a lookup; a list asks for several. Default: standard input.", Arity = ArgumentArity.ZeroOrOne };
        var file = ClientVerb.Option("--file", "File with the record.", "FILE");
        var csv = ClientVerb.Option("--csv", "CSV file of records with a header row; the results come as CSV.", "FILE");
        var output = ClientVerb.Option("--out", "File for the results of --csv. Default: standard output.", "FILE");
        var serviceKey = ClientVerb.Option("--service-key", $"API key of the service. Default: {ServiceKeyVariable}.", "KEY");
        var why = new QueryExplanations();
        return ClientVerb.Create("query", "Ask a deployed endpoint and print its answer.", [deployment, endpoint, record, file, csv, output, serviceKey, .. why.Options], async (client, parsed, cancellationToken) =>
        {
            var table = parsed.GetValue(csv);
            if (table is not null && (parsed.GetValue(record) ?? parsed.GetValue(file)) is not null) throw new UsageException("Give the records either with --csv, or as RECORD or --file.");
            if (table is null && parsed.GetValue(output) is not null) throw new UsageException("--out goes with --csv.");
            why.Check(parsed, asCsv: table is not null);
            var (action, body) = table is null ? Request(await ReadAsync(parsed.GetValue(record), parsed.GetValue(file), cancellationToken)) : ("", "");
            if (table is null) body = why.Ask(parsed, body);
            var id = parsed.GetRequiredValue(deployment);
            var light = await client.Deployer.LightStatusAsync(id, cancellationToken);
            var status = await client.Deployer.StatusAsync(id, cancellationToken);
            var node = status.ApiNodes is [var first, ..] ? first : throw new ClientException($"Deployment '{id}' has no API node to ask.");
            var service = light.DeploymentBasicInfo.DeployedServiceId ?? light.DeploymentBasicInfo.PublishedServiceId;
            using var api = new ApiNodeClient(new Uri(node.Url), service, parsed.GetValue(serviceKey) ?? Environment.GetEnvironmentVariable(ServiceKeyVariable), client.Tls);
            if (table is not null)
            {
                await CsvQuery.RunAsync(api, parsed.GetRequiredValue(endpoint), table, parsed.GetValue(output), why.Parameters(parsed), cancellationToken);
                return;
            }

            why.Tell(parsed, body, JsonNode.Parse(await api.AskAsync(parsed.GetRequiredValue(endpoint), action, body, cancellationToken))!);
        });
    }

    private static async Task<JsonNode> ReadAsync(string? record, string? file, CancellationToken cancellationToken)
    {
        if (record is not null && file is not null) throw new UsageException("Give the record either as RECORD or with --file.");
        var (text, source) = (record, file) switch
        {
            (not (null or "-"), _) => (record, "RECORD"),
            (_, not null) => (JsonFile.ReadText(file), $"'{file}'"),
            _ => (await Console.In.ReadToEndAsync(cancellationToken), "Standard input"),
        };
        if (string.IsNullOrWhiteSpace(text)) throw new UsageException($"{source} is empty; a record is a JSON object such as {{\"amount\": 12.5}}.");
        return JsonFile.Parse(text, source) ?? throw new UsageException($"{source} is null; a record is a JSON object.");
    }

    /// <summary>A whole request is sent as it is; a bare record or a list of records is wrapped.</summary>
    internal static (string Action, string Body) Request(JsonNode given) => given switch
    {
        JsonObject whole when whole["features"] is JsonObject => ("predict", whole.ToJsonString()),
        JsonObject whole when whole["data"] is JsonObject => ("lookup", whole.ToJsonString()),
        JsonObject whole when whole["items"] is JsonArray items => (items is [JsonObject { } first, ..] && first["data"] is JsonObject ? "lookup-multi" : "predict-multi", whole.ToJsonString()),
        JsonObject record => ("predict", new JsonObject { ["features"] = record.DeepClone() }.ToJsonString()),
        JsonArray and [JsonObject { } first, ..] when first["data"] is JsonObject => ("lookup-multi", new JsonObject { ["items"] = given.DeepClone() }.ToJsonString()),
        JsonArray records => ("predict-multi", new JsonObject { ["items"] = new JsonArray([.. records.Select(Item)]) }.ToJsonString()),
        _ => throw new UsageException("A record is a JSON object, or a list of objects."),
    };

    private static JsonObject Item(JsonNode? record) => record is JsonObject whole && whole["features"] is JsonObject
        ? (JsonObject)whole.DeepClone()
        : new JsonObject { ["features"] = record?.DeepClone() };
}
