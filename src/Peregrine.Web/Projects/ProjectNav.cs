using Peregrine.Designing.Projects;
using Peregrine.Web.Components;

namespace Peregrine.Web.Projects;

/// <summary>The way through one project: its breadcrumb and its tabs.</summary>
internal static class ProjectNav
{
    public static IReadOnlyList<Crumb> Above { get; } = [new("Projects", "/projects")];

    public static IReadOnlyList<Crumb> In(string projectKey, params ReadOnlySpan<Crumb> more) => [.. Above, new(projectKey, $"/projects/{projectKey}"), .. more];

    public static IReadOnlyList<Tab> Tabs(string projectKey, ProjectSummary? counts = null) =>
    [
        new("Home", $"/projects/{projectKey}", Exact: true),
        new("Datasets", $"/projects/{projectKey}/datasets") { Count = counts?.Datasets },
        new("Analyses", $"/projects/{projectKey}/analyses") { Count = counts?.Analyses },
        new("Models", $"/projects/{projectKey}/models") { Count = counts?.SavedModels },
        new("API Designer", $"/projects/{projectKey}/services") { Count = counts?.ApiServices },
    ];
}
