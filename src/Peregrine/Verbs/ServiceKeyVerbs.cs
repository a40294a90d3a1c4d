using System.CommandLine;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class ServiceKeyVerbs
{
    public static Command Create() =>
        ClientVerb.Group("keys", "API keys that callers of a service present.", AddVerb(), ListVerb(), RemoveVerb());

    private static Command AddVerb()
    {
        var (project, service) = Service();
        var label = ClientVerb.Argument("LABEL", "What the key is for, such as the caller's name.");
        return ClientVerb.Create("add", "Make a key and print it, this once. It holds from the next package on.", [project, service, label], async (client, parsed, cancellationToken) =>
        {
            var key = await client.ApiServices.AddKeyAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(label), cancellationToken);
            Output.Line(key.Secret!);
        });
    }

    private static Command ListVerb()
    {
        var (project, service) = Service();
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the keys of a service by their labels.", [project, service, json], async (client, parsed, cancellationToken) =>
        {
            var keys = await client.ApiServices.ListKeysAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(keys, ClientJson.Default.IReadOnlyListServiceKeyItem));
            else Output.Table(["KEY", "LABEL"], keys.Select(key => new[] { key.Id, key.Label ?? "" }));
        });
    }

    private static Command RemoveVerb()
    {
        var (project, service) = Service();
        var key = ClientVerb.Argument("KEY", "Id of the key, as 'list' prints it.");
        return ClientVerb.Create("remove", "Remove a key. It stops working with the next package that is deployed.", [project, service, key], async (client, parsed, cancellationToken) =>
        {
            await client.ApiServices.RemoveKeyAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(key), cancellationToken);
            Output.Line($"Key {parsed.GetRequiredValue(key)} is removed.");
        });
    }

    private static (Argument<string> Project, Argument<string> Service) Service() =>
        (ClientVerb.Argument("PROJECT", "Key of the project."), ClientVerb.Argument("SERVICE", "Id of the service."));
}
