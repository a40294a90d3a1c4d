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

    private static NewAnalysisView View() =>
        new(new Engines(new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, NullLogger<Engines>.Instance));
}
