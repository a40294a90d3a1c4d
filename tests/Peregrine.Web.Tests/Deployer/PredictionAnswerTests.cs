using System.Text.Json;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Deployer;

namespace Peregrine.Web.Tests.Deployer;

public sealed class PredictionAnswerTests
{
    [Fact]
    public void Of_APrediction_ReadsClassAndProbabilitiesLargestFirst()
    {
        var answer = PredictionAnswer.Of(Run("""{"result":{"prediction":"1","probas":{"0":0.25,"1":0.75}}}"""));
        answer.Prediction.ShouldBe("1");
        answer.Probability.ShouldBe(0.75);
        answer.Probabilities.Select(bar => bar.Name).ShouldBe(["1", "0"]);
    }

    [Fact]
    public void Of_ANumber_ReadsIt() => PredictionAnswer.Of(Run("""{"result":{"prediction":12.5}}""")).Prediction.ShouldBe("12.5");

    [Fact]
    public void Of_ARefusal_TellsItsMessage()
    {
        var answer = PredictionAnswer.Of(Run("""{"message":"Feature amnt is unknown."}""", status: 400));
        answer.Prediction.ShouldBeNull();
        answer.Problem.ShouldBe("Feature amnt is unknown.");
    }

    [Fact]
    public void Of_AnIgnoredRow_TellsTheReason() =>
        PredictionAnswer.Of(Run("""{"result":{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}}""")).Problem.ShouldBe("IGNORED_BY_MODEL");

    [Fact]
    public void Of_ALookup_TellsWhyNothingWasFound()
    {
        PredictionAnswer.Of(Run("""{"results":[{"ignored":true,"ignoreReason":"NO_LOOKUP_MATCH"}]}""")).Problem.ShouldBe("NO_LOOKUP_MATCH");
        var found = PredictionAnswer.Of(Run("""{"results":[{"data":{"id":"K1"},"ignored":false}]}"""));
        (found.Prediction, found.Problem, found.Probabilities.Count).ShouldBe((null, null, 0));
    }

    private static QueryRunResult Run(string answer, int status = 200) => new()
    {
        Success = status == 200, Status = status, Milliseconds = 1, Query = JsonElement.Parse("{}"), Answer = JsonElement.Parse(answer),
    };
}
