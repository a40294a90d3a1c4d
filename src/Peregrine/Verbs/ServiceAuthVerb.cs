using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service auth</c>: who may ask a service.</summary>
internal static class ServiceAuthVerb
{
    private static readonly (string Word, string Method)[] s_methods = [("public", "PUBLIC"), ("api-keys", "API_KEYS"), ("oauth2", "OAUTH2")];

    public static Command Create()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var method = ClientVerb.Argument("METHOD", "public, api-keys (see 'service keys') or oauth2 (see 'service oauth2 set').");
        method.AcceptOnlyFromAmong([.. s_methods.Select(known => known.Word)]);
        return ClientVerb.Create("auth", "Say who may ask a service: everybody, holders of its keys, or holders of signed tokens.", [project, service, method], async (client, parsed, cancellationToken) =>
        {
            var word = parsed.GetRequiredValue(method);
            await client.ServiceAccess.ChangeAsync(
                parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), new JsonObject { ["authMethod"] = s_methods.First(known => known.Word == word).Method }, cancellationToken);
            Output.Line($"API service {parsed.GetRequiredValue(service)} is {word}, from the next package on.");
        });
    }
}
