using Peregrine.Web.Components;

namespace Peregrine.Web.Projects;

internal static class ProjectSamples
{
    public static IReadOnlyList<CodeSample> List() =>
        [Rest.Get("/projects/"), new("CLI", "./peregrine project list")];

    public static IReadOnlyList<CodeSample> Create(string key, string name) =>
    [
        Rest.Post("/projects/", $$"""{"projectKey":"{{key}}","name":"{{(string.IsNullOrWhiteSpace(name) ? key : name)}}","owner":"admin"}"""),
        new("CLI", $"./peregrine project create {key}"),
    ];
}
