using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>The keys of a service on one API node: effective at once, without a new package.</summary>
internal static class NodeServiceKeyVerbs
{
    public static Command Create() => ClientVerb.Group(
        "service-keys", "Keys of a service on this node, effective at once and without a new package.", ListVerb(), AddVerb(), RotateVerb(), RevokeVerb());

    private static Command ListVerb()
    {
        var service = Service();
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("list", "List the keys of a service: those of its package and those of this node.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var keys = await node.Access.ListServiceKeysAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(keys);
            else Output.Table(["KEY", "LABEL", "SOURCE", "STATE", "EXPIRY", "LAST USED", "ENDPOINTS"], keys.Select(Row));
        });
    }

    private static Command AddVerb()
    {
        var service = Service();
        var label = ClientVerb.Argument("LABEL", "What the key is for, such as the caller's name.");
        var expiry = Expiry();
        var endpoints = new Option<string[]>("--endpoint") { Description = "An endpoint that the key opens; give it again for more. Default: all.", HelpName = "ENDPOINT" };
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("add", "Make a key and print it, this once.", [service, label, expiry, endpoints, json], async (node, parsed, cancellationToken) =>
            Tell(await node.Access.AddServiceKeyAsync(
                parsed.GetRequiredValue(service), parsed.GetRequiredValue(label), Moments.End(parsed.GetValue(expiry), expiry.Name), parsed.GetValue(endpoints) ?? [],
                cancellationToken), parsed.GetValue(json)));
    }

    private static Command RotateVerb()
    {
        var service = Service();
        var key = Key();
        var overlap = ClientVerb.Option("--overlap", "How long the old key works beside the new one, such as 12h or 0s. Default: as the node is set, one day.", "TIME");
        var expiry = Expiry();
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("rotate", "Make a key in place of another, with its label and endpoints, and print it, this once.", [service, key, overlap, expiry, json],
            async (node, parsed, cancellationToken) => Tell(await node.Access.RotateServiceKeyAsync(
                parsed.GetRequiredValue(service), parsed.GetRequiredValue(key), Moments.Length(parsed.GetValue(overlap), overlap.Name),
                Moments.End(parsed.GetValue(expiry), expiry.Name), cancellationToken), parsed.GetValue(json)));
    }

    private static Command RevokeVerb()
    {
        var service = Service();
        var key = Key();
        return ApiNodeAdminVerbs.Verb("revoke", "End a key now, also one of the package.", [service, key], async (node, parsed, cancellationToken) =>
        {
            await node.Access.RevokeServiceKeyAsync(parsed.GetRequiredValue(service), parsed.GetRequiredValue(key), cancellationToken);
            Output.Line($"Key {parsed.GetRequiredValue(key)} of {parsed.GetRequiredValue(service)} is revoked.");
        });
    }

    private static void Tell(JsonNode made, bool json)
    {
        if (json) Output.Json(made);
        else Output.Line(made["key"]!.GetValue<string>());
    }

    private static string[] Row(JsonNode? key) =>
    [
        $"{key!["id"]}", $"{key["label"]}", $"{key["source"]}", $"{key["state"]}", Moments.Text(key["expiry"]), Moments.LastUse((DateTimeOffset?)key["lastUsed"]),
        key["endpoints"] is JsonArray endpoints ? string.Join(", ", endpoints.Select(endpoint => $"{endpoint}")) : "all",
    ];

    private static Argument<string> Service() => ClientVerb.Argument("SERVICE", "Id of the service.");

    private static Argument<string> Key() => ClientVerb.Argument("KEY", "Id of the key, as 'list' prints it.");

    private static Option<string?> Expiry() => ClientVerb.Option("--expiry", "When the key ends: a date such as 2027-01-31, or a length from now such as 90d. Default: never.", "WHEN");
}
