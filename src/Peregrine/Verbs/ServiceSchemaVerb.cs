using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service set-schema</c>: what an endpoint does with records that are not what its model was made from.</summary>
internal static class ServiceSchemaVerb
{
    private static readonly (string Option, string Member, string Description)[] s_policies =
    [
        ("--unknown-features", "unknownFeatures", "A feature that the model does not know"),
        ("--missing-features", "missingFeatures", "A feature that is not given"),
        ("--wrong-types", "wrongTypes", "A value that cannot be read as its feature's kind"),
        ("--converted-types", "convertedTypes", "A value of another JSON type that can be converted"),
        ("--out-of-range", "outOfRange", "A number beyond those that training saw"),
        ("--unseen-categories", "unseenCategories", "A category that training did not see"),
    ];

    public static Command Create()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var endpoint = ClientVerb.Argument("ENDPOINT", "Id of the endpoint.");
        var policies = s_policies.Select(policy => Policy(policy.Option, policy.Description)).ToList();
        var quiet = new Option<bool?>("--quiet") { Description = "Whether callers are told nothing of the features: true or false." };
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "set-schema", "Say what becomes of records that differ from what an endpoint's model was made from, or list it. It holds from the next package on.",
            [project, service, endpoint, .. policies, quiet, json], async (client, parsed, cancellationToken) =>
            {
                var (key, id, name) = (parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(endpoint));
                var changes = new JsonObject();
                for (var i = 0; i < policies.Count; i++)
                    if (parsed.GetValue(policies[i]) is { } policy) changes[s_policies[i].Member] = policy.ToUpperInvariant();
                if (parsed.GetValue(quiet) is { } flag) changes["quiet"] = flag;
                if (changes.Count > 0) await client.ApiServices.ChangeSchemaAsync(key, id, name, changes, cancellationToken);
                var schema = await client.ApiServices.GetSchemaAsync(key, id, name, cancellationToken);
                if (parsed.GetValue(json)) Output.Json(schema);
                else Output.Table(["SETTING", "VALUE"], schema.Select(member => new[] { member.Key, member.Value!.ToString().ToLowerInvariant() }));
            });
    }

    private static Option<string?> Policy(string name, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description}: refuse, warn, count or ignore." };
        option.AcceptOnlyFromAmong("refuse", "warn", "count", "ignore");
        return option;
    }
}
