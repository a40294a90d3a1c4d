using System.CommandLine;
using System.Text.Json;
using Peregrine.Commands;
using Peregrine.Contracts.Deployer;
using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Keys of a deployment's service: on all of its nodes, effective at once.</summary>
internal static class DeploymentKeyVerbs
{
    public static Command Create() => ClientVerb.Group(
        "keys", "Keys of a deployment's service, on all of its nodes, effective at once and without a new version.", ListVerb(), AddVerb(), RotateVerb(), RevokeVerb());

    private static Command ListVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the keys, also those of the package and of single nodes.", [deployment, json], async (client, parsed, cancellationToken) =>
        {
            var keys = await client.Deployer.ListKeysAsync(parsed.GetRequiredValue(deployment), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(keys, DeployerJson.Default.DeploymentKeys));
            else Output.Table(["KEY", "LABEL", "SOURCE", "STATE", "EXPIRY", "LAST USED", "ENDPOINTS", "NODES"], keys.Keys.Select(Row));
        });
    }

    private static Command AddVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var label = ClientVerb.Argument("LABEL", "What the key is for, such as the caller's name.");
        var expiry = Expiry();
        var endpoints = new Option<string[]>("--endpoint") { Description = "An endpoint that the key opens; give it again for more. Default: all.", HelpName = "ENDPOINT" };
        var json = ClientVerb.Json();
        return ClientVerb.Create("add", "Make a key and print it, this once.", [deployment, label, expiry, endpoints, json], async (client, parsed, cancellationToken) =>
            Tell(await client.Deployer.AddKeyAsync(parsed.GetRequiredValue(deployment), new NewKeyRequest
            {
                Label = parsed.GetRequiredValue(label),
                Expiry = Moments.End(parsed.GetValue(expiry), expiry.Name)?.ToUnixTimeMilliseconds(),
                Endpoints = parsed.GetValue(endpoints) is { Length: > 0 } some ? some : null,
            }, cancellationToken), parsed.GetValue(json)));
    }

    private static Command RotateVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var key = Key();
        var overlap = ClientVerb.Option("--overlap", "How long the old key works beside the new one, such as 12h or 0s. Default: as the Deployer is set, one day.", "TIME");
        var expiry = Expiry();
        var json = ClientVerb.Json();
        return ClientVerb.Create("rotate", "Make a key in place of another, with its label and endpoints, and print it, this once.", [deployment, key, overlap, expiry, json],
            async (client, parsed, cancellationToken) => Tell(await client.Deployer.RotateKeyAsync(parsed.GetRequiredValue(deployment), parsed.GetRequiredValue(key), new RotateKeyRequest
            {
                OverlapSeconds = Moments.Length(parsed.GetValue(overlap), overlap.Name) is { } time ? (long)time.TotalSeconds : null,
                Expiry = Moments.End(parsed.GetValue(expiry), expiry.Name)?.ToUnixTimeMilliseconds(),
            }, cancellationToken), parsed.GetValue(json)));
    }

    private static Command RevokeVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var key = Key();
        return ClientVerb.Create("revoke", "End a key now. Ends with 1 when a node could not be told yet; it is told when it is back.", [deployment, key], async (client, parsed, cancellationToken) =>
        {
            var change = await client.Deployer.RevokeKeyAsync(parsed.GetRequiredValue(deployment), parsed.GetRequiredValue(key), cancellationToken);
            Output.Line($"Key {parsed.GetRequiredValue(key)} of {parsed.GetRequiredValue(deployment)} is revoked.");
            return Warn(change);
        });
    }

    /// <summary>The key goes to standard output alone, so that a script can take it.</summary>
    private static int Tell(KeyChange made, bool json)
    {
        if (json) Output.Json(JsonSerializer.SerializeToNode(made, DeployerJson.Default.KeyChange));
        else Output.Line(made.Key!);
        return Warn(made);
    }

    /// <returns>1 when the change has not arrived everywhere.</returns>
    private static int Warn(KeyChange change)
    {
        var behind = change.Nodes.Where(node => node.Present != true).ToList();
        foreach (var node in behind) Output.Note($"warning: {node.Url}: {node.Message}");
        return behind.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static string[] Row(DeploymentKey key) =>
    [
        key.Id, key.Label, key.Source, key.State,
        key.Expiry is { } end ? Moments.Text(DateTimeOffset.FromUnixTimeMilliseconds(end)) : "", Moments.LastUse(key.LastUsed),
        key.Endpoints is { } endpoints ? string.Join(", ", endpoints) : "all",
        $"{key.Nodes.Count(node => node.Present == true)} of {key.Nodes.Count}",
    ];

    private static Argument<string> Key() => ClientVerb.Argument("KEY", "Id of the key, as 'list' prints it.");

    private static Option<string?> Expiry() => ClientVerb.Option("--expiry", "When the key ends: a date such as 2027-01-31, or a length from now such as 90d. Default: never.", "WHEN");
}
