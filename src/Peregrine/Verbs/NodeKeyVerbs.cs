using System.CommandLine;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>The admin keys of one API node.</summary>
internal static class NodeKeyVerbs
{
    public static Command Create() => ClientVerb.Group("keys", "Admin keys of this node, each with a role.", ListVerb(), AddVerb(), RemoveVerb());

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("list", "List the admin keys by their labels.", [json], async (node, parsed, cancellationToken) =>
        {
            var keys = await node.Access.ListAdminKeysAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(keys);
            else Output.Table(["KEY", "LABEL", "ROLE", "EXPIRY"], keys.Select(key => new[] { $"{key!["id"]}", $"{key["label"]}", $"{key["role"]}", Moments.Text(key["expiry"]) }));
        });
    }

    private static Command AddVerb()
    {
        var label = ClientVerb.Argument("LABEL", "Who or what the key is for.");
        var role = new Option<string>("--role") { Description = "What it may do: reader looks, operator also switches and keeps keys, deployer does everything.", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong("reader", "operator", "deployer");
        var expiry = ClientVerb.Option("--expiry", "When the key ends: a date such as 2027-01-31, or a length from now such as 90d. Default: never.", "WHEN");
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("add", "Make an admin key and print it, this once.", [label, role, expiry, json], async (node, parsed, cancellationToken) =>
        {
            var made = await node.Access.AddAdminKeyAsync(
                parsed.GetRequiredValue(label), parsed.GetRequiredValue(role), Moments.End(parsed.GetValue(expiry), expiry.Name), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(made);
            else Output.Line(made["key"]!.GetValue<string>());
        });
    }

    private static Command RemoveVerb()
    {
        var key = ClientVerb.Argument("KEY", "Id of the key, as 'list' prints it.");
        return ApiNodeAdminVerbs.Verb("remove", "End an admin key now.", [key], async (node, parsed, cancellationToken) =>
        {
            await node.Access.RemoveAdminKeyAsync(parsed.GetRequiredValue(key), cancellationToken);
            Output.Line($"Admin key {parsed.GetRequiredValue(key)} is removed.");
        });
    }
}
