using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service keys</c>: the keys that travel in a service's packages.</summary>
internal static class ServiceKeyVerbs
{
    public static Command Create() => ClientVerb.Group(
        "keys", "API keys that callers of a service present. They hold from the next package that is deployed.", AddVerb(), ListVerb(), RotateVerb(), RevokeVerb());

    private static Command AddVerb()
    {
        var (project, service) = Service();
        var label = ClientVerb.Argument("LABEL", "What the key is for, such as the caller's name.");
        var expires = Expires();
        var endpoints = new Option<string[]>("--endpoint") { Description = "An endpoint that the key opens; give it again for more. Default: all.", HelpName = "ENDPOINT" };
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "add", "Make a key and print it, this once. It holds from the next package on.", [project, service, label, expires, endpoints, json], async (client, parsed, cancellationToken) =>
                Tell(await client.ServiceAccess.AddKeyAsync(
                    parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(label), Moments.End(parsed.GetValue(expires), expires.Name),
                    parsed.GetValue(endpoints) ?? [], cancellationToken), parsed.GetValue(json)));
    }

    private static Command ListVerb()
    {
        var (project, service) = Service();
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the keys of a service, never the keys themselves.", [project, service, json], async (client, parsed, cancellationToken) =>
        {
            var keys = await client.ServiceAccess.ListKeysAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(keys);
            else Output.Table(["KEY", "LABEL", "STATE", "CREATED", "EXPIRES", "ENDPOINTS"], keys.Select(Row));
        });
    }

    private static Command RotateVerb()
    {
        var (project, service) = Service();
        var key = Key();
        var overlap = ClientVerb.Option("--overlap", "How long the old key works beside the new one, such as 12h or 0s. Default: as the server is set, 7 days.", "TIME");
        var expires = Expires();
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "rotate", "Make a key in place of another, with its label and endpoints, and print it, this once.", [project, service, key, overlap, expires, json],
            async (client, parsed, cancellationToken) => Tell(await client.ServiceAccess.RotateKeyAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(key), Moments.Length(parsed.GetValue(overlap), overlap.Name),
                Moments.End(parsed.GetValue(expires), expires.Name), cancellationToken), parsed.GetValue(json)));
    }

    private static Command RevokeVerb()
    {
        var (project, service) = Service();
        var key = Key();
        var revoke = ClientVerb.Create(
            "revoke", "Take a key away. It stops working with the next package that is deployed; 'apinode admin service-keys revoke' ends it at once.", [project, service, key],
            async (client, parsed, cancellationToken) =>
            {
                await client.ServiceAccess.RevokeKeyAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(key), cancellationToken);
                Output.Line($"Key {parsed.GetRequiredValue(key)} is revoked, from the next package on.");
            });
        revoke.Aliases.Add("remove");
        return revoke;
    }

    private static void Tell(JsonNode made, bool json)
    {
        if (json) Output.Json(made);
        else Output.Line(made["secret"]!.GetValue<string>());
    }

    private static string[] Row(JsonNode? key) =>
    [
        $"{key!["id"]}", $"{key["label"]}", $"{key["state"]}", Moments.Text(key["createdOn"]), Moments.Text(key["expiry"]),
        key["endpoints"] is JsonArray endpoints ? string.Join(", ", endpoints.Select(endpoint => $"{endpoint}")) : "all",
    ];

    private static Argument<string> Key() => ClientVerb.Argument("KEY", "Id of the key, as 'list' prints it.");

    private static Option<string?> Expires()
    {
        var option = ClientVerb.Option("--expires", "When the key ends: a date such as 2027-01-31, or a length from now such as 90d. Default: never.", "WHEN");
        option.Aliases.Add("--expiry");
        return option;
    }

    private static (Argument<string> Project, Argument<string> Service) Service() =>
        (ClientVerb.Argument("PROJECT", "Key of the project."), ClientVerb.Argument("SERVICE", "Id of the service."));
}
