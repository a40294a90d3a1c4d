using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Web.Analyses;
using Peregrine.Web.Live;

namespace Peregrine.Web.Tests.Analyses;

public sealed class NewAnalysisViewTests
{
    [Fact]
    public void Tune_WithoutForest_SwitchesItOffAndLeavesWhatIsOffAlone()
    {
        var settings = JsonNode.Parse("""
            {"splitParams":{"ssdTrainingRatio":0.8},"modeling":{"lightgbm_classification":{"enabled":true},"random_forest_classification":{"enabled":true},
             "random_forest_regression":{"enabled":false},"xgboost":{"enabled":false},"metrics":{}}}
            """)!.AsObject();
        var view = View();
        view.Forest = false;
        view.TrainPercent = 70;

        view.Tune(settings);

        settings["splitParams"]!["ssdTrainingRatio"]!.GetValue<double>().ShouldBe(0.7);
        settings["modeling"]!["lightgbm_classification"]!["enabled"]!.GetValue<bool>().ShouldBeTrue();
        settings["modeling"]!["random_forest_classification"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
        settings["modeling"]!["random_forest_regression"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
        settings["modeling"]!["xgboost"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void ChooseTarget_ThatWasIgnored_IsNoLongerIgnored()
    {
        var view = View();
        view.Ignore("is_fraud", true);
        view.ChooseTarget("is_fraud");
        view.Ignored.ShouldBeEmpty();
    }

    [Fact]
    public void Tune_ForClusters_WritesTheirNumbersAndNothingElse()
    {
        var settings = JsonNode.Parse("""{"preprocessing":{},"modeling":{"kmeans_clustering":{"enabled":true,"k":[2]},"ward_clustering":{"enabled":false}}}""")!.AsObject();
        var view = View();
        (view.FindsClusters, view.FewestClusters, view.MostClusters, view.SetsOutliersApart) = (true, 3, 5, true);

        view.Tune(settings);

        settings.ToJsonString().ShouldBe(
            """{"preprocessing":{"outliers":{"method":"CLUSTER","share":0.01}},"modeling":{"kmeans_clustering":{"enabled":true,"k":[3,4,5]},"ward_clustering":{"enabled":false}}}""");
    }

    [Theory]
    [InlineData(2, 8, null)]
    [InlineData(1, 8, "From 2 to 100")]
    [InlineData(50, 101, "From 2 to 100")]
    [InlineData(5, 4, "fewer")]
    [InlineData(2, 52, "At most 50")]
    public void ClustersFault_OfNumbersThatCannotBeHad_SaysWhy(int fewest, int most, string? words)
    {
        var view = View();
        (view.FewestClusters, view.MostClusters) = (fewest, most);
        if (words is null) view.ClustersFault.ShouldBeNull();
        else view.ClustersFault.ShouldNotBeNull().ShouldContain(words);
    }

    private static NewAnalysisView View() =>
        new(new Engines(new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, NullLogger<Engines>.Instance));
}
