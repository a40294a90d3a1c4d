using System.CommandLine;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class ProjectVerbs
{
    public static Command Create() => ClientVerb.Group("project", "Projects: workspaces of datasets, models and API services.", CreateVerb(), ListVerb(), DeleteVerb());

    private static Command CreateVerb()
    {
        var key = ClientVerb.Argument("KEY", "Key of the new project: letters, digits and _.");
        var name = ClientVerb.Option("--name", "Name for people. Default: the key.", "NAME");
        return ClientVerb.Create("create", "Make a project.", [key, name], async (client, parsed, cancellationToken) =>
        {
            await client.Projects.CreateAsync(parsed.GetRequiredValue(key), parsed.GetValue(name), cancellationToken);
            Output.Line($"Project {parsed.GetRequiredValue(key)} is made.");
        });
    }

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the projects.", [json], async (client, parsed, cancellationToken) =>
        {
            var projects = await client.Projects.ListAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(projects, ClientJson.Default.IReadOnlyListProjectItem));
            else Output.Table(["KEY", "NAME"], projects.Select(project => new[] { project.ProjectKey, project.Name ?? "" }));
        });
    }

    private static Command DeleteVerb()
    {
        var key = ClientVerb.Argument("KEY", "Key of the project.");
        return ClientVerb.Create("delete", "Delete a project with everything in it. What it has published stays deployed.", [key], async (client, parsed, cancellationToken) =>
        {
            await client.Projects.DeleteAsync(parsed.GetRequiredValue(key), cancellationToken);
            Output.Line($"Project {parsed.GetRequiredValue(key)} is deleted.");
        });
    }
}
