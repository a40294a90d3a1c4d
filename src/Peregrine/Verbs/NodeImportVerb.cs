using System.CommandLine;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Brings a package file to an API node.</summary>
internal static class NodeImportVerb
{
    public static Command Create()
    {
        var service = NodeVerb.Service();
        var file = ClientVerb.Argument("FILE", "The package, as 'package download' writes it.");
        var json = ClientVerb.Json();
        return NodeVerb.Create("import", "Bring a package to the node; what it has is not sent again. The service is made when there is none.", [service, file, json],
            async (node, parsed, cancellationToken) =>
            {
                await using var package = Open(parsed.GetRequiredValue(file));
                await node.EnsureServiceAsync(parsed.GetRequiredValue(service), cancellationToken);
                var (import, sent) = await node.ImportAsync(parsed.GetRequiredValue(service), package, cancellationToken);
                if (parsed.GetValue(json)) Output.Json(import);
                else Output.Line($"{parsed.GetRequiredValue(service)} has generation {NodeVerb.Text(import, "generation")} ({sent:N0} bytes sent).");
            });
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"File '{path}' cannot be read: {refused.Message}", refused);
        }
    }
}
