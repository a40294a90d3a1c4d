using Peregrine.Designing.Projects;
using Peregrine.Web.Live;

namespace Peregrine.Web.Projects;

/// <summary>One step on the way from a table to an API.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="IsNext">The first step that has nothing yet: what to do now.</param>
public sealed record ProjectStep(string Name, string Icon, string Href, int Count, string Noun, string Teaches, string Action, string Command, bool IsNext);

public sealed record ProjectHomeState(ProjectSummary Project, IReadOnlyList<ProjectStep> Steps);

public sealed class ProjectHomeView(Engines engines) : ViewModel<ProjectHomeState>(engines)
{
    public string ProjectKey { get; set; } = "";

    internal static IReadOnlyList<ProjectStep> StepsOf(ProjectSummary project)
    {
        var key = project.ProjectKey;
        ProjectStep[] steps =
        [
            new("Datasets", "database", $"/projects/{key}/datasets", project.Datasets, "dataset",
                "A table to learn from: a CSV file whose columns and types are found out.", "Upload a table", $"./peregrine dataset upload {key} payments.csv.gz", false),
            new("Analyses", "flask-conical", $"/projects/{key}/analyses", project.Analyses, "analysis",
                "Several algorithms trained to predict one column, side by side on rows they did not learn from.", "Train models", $"./peregrine train {key} payments --target is_fraud", false),
            new("Models", "box", $"/projects/{key}/models", project.SavedModels, "model",
                "The models that were kept, in immutable versions with one active.", "Keep the best", $"./peregrine model deploy {key} MODEL", false),
            new("API services", "webhook", $"/projects/{key}/services", project.ApiServices, "service",
                "Endpoints that answer with a model, packaged as versions and pushed to the Deployer.", "Make a service", $"./peregrine service create {key} fraud", false),
        ];
        var next = Array.FindIndex(steps, step => step.Count == 0);
        return [.. steps.Select((step, at) => step with { IsNext = at == next })];
    }

    protected override async Task<ProjectHomeState> ReadAsync(CancellationToken cancellationToken)
    {
        var project = await Engines.CallAsync<ProjectService, ProjectSummary>(projects => projects.GetAsync(ProjectKey, cancellationToken));
        return new ProjectHomeState(project, StepsOf(project));
    }
}
