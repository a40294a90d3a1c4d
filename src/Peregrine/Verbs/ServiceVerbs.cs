using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class ServiceVerbs
{
    public static Command Create() =>
        ClientVerb.Group(
            "service", "API services: endpoints that are deployed together.", CreateVerb(), ListVerb(), AddEndpointVerb(), ServiceSchemaVerb.Create(), ServiceLogVerb.Create(), ServiceExplanationsVerb.Create(),
            ServiceAuthVerb.Create(), ServiceKeyVerbs.Create(), ServiceTokenVerbs.Create());

    private static Command CreateVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the new service: letters, digits, _, . and -.");
        var auth = new Option<string>("--auth") { Description = "Who may ask: public, or api-keys (keys of 'service keys add'). For signed tokens see 'service oauth2 set'.", DefaultValueFactory = _ => "public" };
        auth.AcceptOnlyFromAmong("public", "api-keys");
        return ClientVerb.Create("create", "Make an API service.", [project, service, auth], async (client, parsed, cancellationToken) =>
        {
            var (key, id) = (parsed.GetRequiredValue(project), parsed.GetRequiredValue(service));
            await client.ApiServices.CreateAsync(key, id, cancellationToken);
            if (parsed.GetValue(auth) == "api-keys") await client.ServiceAccess.ChangeAsync(key, id, new JsonObject { ["authMethod"] = "API_KEYS" }, cancellationToken);
            Output.Line($"API service {id} is made.");
        });
    }

    private static Command ListVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the API services of a project.", [project, json], async (client, parsed, cancellationToken) =>
        {
            var services = await client.ApiServices.ListAsync(parsed.GetRequiredValue(project), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(services, ClientJson.Default.IReadOnlyListApiServiceItem));
            else
                Output.Table(
                    ["SERVICE", "AUTHORIZATION", "ENDPOINTS"],
                    services.Select(service => new[]
                    {
                        service.Id, service.AuthMethod ?? "", string.Join(", ", service.Endpoints.Select(endpoint => $"{endpoint.Id} ({endpoint.ModelRef ?? endpoint.Dataset ?? endpoint.Type})")),
                    }));
        });
    }

    private static Command AddEndpointVerb()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var endpoint = ClientVerb.Argument("ENDPOINT", "Id of the endpoint: part of its address.");
        var model = new Option<string>("--model") { Description = "Id of the saved model it serves.", HelpName = "SAVED_MODEL" };
        var lookup = new LookupEndpointOptions();
        var queries = new Option<int>("--test-queries") { Description = "Test queries to make from rows of the dataset.", HelpName = "N", DefaultValueFactory = _ => 5 };
        return ClientVerb.Create("add-endpoint", "Add an endpoint to a service: a model's predictions or clusters, or a dataset's rows; or change what it serves.", [project, service, endpoint, model, .. lookup.All, queries], async (client, parsed, cancellationToken) =>
        {
            var (key, id, name) = (parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(endpoint));
            var found = lookup.Read(parsed);
            if (found is null == parsed.GetValue(model) is null) throw new UsageException("Say what the endpoint serves: either --model SAVED_MODEL or --lookup DATASET.");
            if (found is not null) await client.ApiServices.SetEndpointAsync(key, id, name, found, cancellationToken);
            else
            {
                var kind = await client.SavedModels.EndpointKindAsync(key, parsed.GetValue(model)!, cancellationToken);
                await client.ApiServices.SetModelEndpointAsync(key, id, name, kind, parsed.GetValue(model)!, cancellationToken);
            }

            if (parsed.GetValue(queries) is > 0 and var rows) await client.ApiServices.GenerateTestQueriesAsync(key, id, name, rows, cancellationToken);
            Output.Line($"Endpoint {id}/{name} serves {parsed.GetValue(model) ?? $"the rows of {found!["dataset"]}"}.");
        });
    }
}
