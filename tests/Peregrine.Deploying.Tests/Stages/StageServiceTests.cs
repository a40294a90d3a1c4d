using System.Net;

namespace Peregrine.Deploying.Tests.Stages;

public sealed class StageServiceTests
{
    [Fact]
    public async Task Replace_WithAnotherList_KeepsTheOrderGiven()
    {
        await using var deployer = await Deployer.StartAsync();

        (await deployer.PutAsync("/stages", """[{"id":"Production","desc":"p"},{"id":"Canary"},{"id":"Development","desc":"d"}]""")).ShouldSucceed();

        (await deployer.GetAsync("/stages")).Json.AsArray().Select(stage => (string?)stage!["id"]).ShouldBe(["Production", "Canary", "Development"]);
    }

    [Theory]
    [InlineData("""[{"id":"Production"}]""", HttpStatusCode.Conflict, "StageInUse")]
    [InlineData("[]", HttpStatusCode.BadRequest, "InvalidSettings")]
    [InlineData("""[{"id":"Development"},{"id":"Development"}]""", HttpStatusCode.BadRequest, "InvalidSettings")]
    [InlineData("""[{"id":"a/b"},{"id":"Development"}]""", HttpStatusCode.BadRequest, "InvalidSettings")]
    public async Task Replace_WithABadList_IsRefusedAndChangesNothing(string body, HttpStatusCode status, string errorType)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();

        (await deployer.PutAsync("/stages", body)).ShouldFail(status, errorType);

        (await deployer.GetAsync("/stages")).Json.AsArray().Count.ShouldBe(3);
    }
}
