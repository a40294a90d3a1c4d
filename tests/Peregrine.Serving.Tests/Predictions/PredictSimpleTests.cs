using System.Net;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictSimpleTests
{
    private const string Path = "public/api/v1/fraud/score/predict-simple";

    [Fact]
    public async Task PredictSimple_FeaturesInTheQuery_AnswersAsPredictDoes()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.GetAsync($"{Path}?amount=12.5&country=FR&online=True&at=2026-01-31+12%3A00%3A00")).ShouldSucceed();
        answer.Result.ShouldBe(new TestPackage().Expected(TestPackage.GoodFeatures));
    }

    [Fact]
    public async Task PredictSimple_EmptyValue_IsMissing()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.GetAsync($"{Path}?amount=&country=&online=&at=")).ShouldSucceed();
        answer.Result.ShouldBe(new TestPackage().Expected("""{"amount":null,"country":null,"online":null,"at":null}"""));
    }

    [Theory]
    [InlineData("?amount=1&country=FR&online=true", "MissingField")]
    [InlineData("?amount=much&country=FR&online=true&at=", "WrongType")]
    [InlineData("?amount=1&amount=2&country=FR&online=true&at=", "DuplicateField")]
    [InlineData("?amount=1&country=FR&online=true&at=&colour=red", "UnknownField")]
    [InlineData("", "MissingField")]
    public async Task PredictSimple_FaultyQuery_SaysWhat(string query, string errorType)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.GetAsync(Path + query)).ShouldFail(HttpStatusCode.BadRequest, errorType);
    }

    [Fact]
    public async Task PredictSimple_LongQuery_IsTaken()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.GetAsync($"{Path}?amount=1&country=FR&online=true&at=&id={new string('x', 50_000)}")).ShouldSucceed();
    }
}
