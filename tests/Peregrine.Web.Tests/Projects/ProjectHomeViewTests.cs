using Peregrine.Designing.Projects;
using Peregrine.Web.Projects;

namespace Peregrine.Web.Tests.Projects;

public sealed class ProjectHomeViewTests
{
    [Fact]
    public void StepsOf_AProjectWithData_PointsToTraining() =>
        ProjectHomeView.StepsOf(Project(datasets: 1)).Single(step => step.IsNext).Name.ShouldBe("Analyses");

    [Fact]
    public void StepsOf_AProjectWithEverything_PointsNowhere() =>
        ProjectHomeView.StepsOf(Project(1, 1, 1, 1)).ShouldAllBe(step => !step.IsNext);

    private static ProjectSummary Project(int datasets = 0, int analyses = 0, int models = 0, int services = 0) => new()
    {
        ProjectKey = "FRAUD", Name = "Fraud", Owner = "ada", CreatedOn = default, ChangedOn = default,
        Datasets = datasets, Analyses = analyses, SavedModels = models, ApiServices = services,
    };
}
