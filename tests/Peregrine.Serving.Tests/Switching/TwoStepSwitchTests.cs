using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Switching;

public sealed class TwoStepSwitchTests : IDisposable
{
    private const string ToSecond = """{"mapping":{"entries":[{"generation":"v2","proba":1}]}}""";
    private static readonly TestPackage s_first = new();
    private static readonly TestPackage s_second = new() { Version = "v2", Model = TestModels.Binary(bias: 2) };
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Prepare_ThenCommit_SwitchesOnlyAtTheCommit()
    {
        await using var node = await StartFreshAsync();
        var prepared = await PrepareAsync(node);
        ((string?)prepared["state"]).ShouldBe("PREPARED");
        ((bool?)prepared["ready"]).ShouldBe(true);
        ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("READY");
        (await AnswerAsync(node)).ShouldBe("v1");

        ((string?)(await StepAsync(node, "commit"))["state"]).ShouldBe("COMMITTED");

        (await AnswerAsync(node)).ShouldBe("v2");
        ((string?)(await node.GenerationAsync("v1"))["state"]).ShouldBe("AVAILABLE");
    }

    [Fact]
    public async Task EveryStep_Repeated_AnswersTheSame()
    {
        await using var node = await StartFreshAsync();
        await PrepareAsync(node);
        ((string?)(await PrepareAsync(node))["state"]).ShouldBe("PREPARED");
        await StepAsync(node, "commit");
        ((string?)(await StepAsync(node, "commit"))["state"]).ShouldBe("COMMITTED");
        ((string?)(await PrepareAsync(node))["state"]).ShouldBe("COMMITTED");
        await PrepareAsync(node, "s2", """{"mapping":{"entries":[{"generation":"v1","proba":1}]}}""");
        await StepAsync(node, "abort", "s2");
        ((string?)(await StepAsync(node, "abort", "s2"))["state"]).ShouldBe("ABORTED");
        (await AnswerAsync(node)).ShouldBe("v2");
    }

    [Fact]
    public async Task Abort_LetsGoWhatOnlyTheSwitchNeeded()
    {
        await using var node = await StartFreshAsync();
        await PrepareAsync(node);
        var loaded = Weak(node, "v2");
        await StepAsync(node, "abort");
        ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("AVAILABLE");
        await Eventually.TrueAsync(() =>
        {
            GC.Collect();
            return !loaded.TryGetTarget(out _);
        });
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/switches/s1/commit")).ShouldFail(HttpStatusCode.Conflict, "SwitchAborted");
        (await AnswerAsync(node)).ShouldBe("v1");
    }

    [Fact]
    public async Task Abort_BeforeThePrepare_Wins()
    {
        await using var node = await StartFreshAsync();
        ((string?)(await StepAsync(node, "abort"))["state"]).ShouldBe("ABORTED");
        (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/switches/s1", ToSecond)).ShouldFail(HttpStatusCode.Conflict, "SwitchAborted");
    }

    [Fact]
    public async Task Prepare_OfADamagedPackage_IsRefusedAndLeavesNothing()
    {
        await using var node = await StartFreshAsync();
        await File.WriteAllBytesAsync(Path.Combine(_folder, "services/fraud/generations/v2.zip"), s_second.Write()[..500]);
        (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/switches/s1", ToSecond)).ShouldFail(HttpStatusCode.UnprocessableEntity, "GenerationUnusable");
        (await node.AdminAsync(HttpMethod.Get, "services/fraud/switches"))!["switches"]!.AsArray().ShouldBeEmpty();
        (await AnswerAsync(node)).ShouldBe("v1");
    }

    [Fact]
    public async Task Restart_InBetween_KeepsThePreparedSwitchAndItCommits()
    {
        await using (var before = await StartFreshAsync()) await PrepareAsync(before);
        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        (await AnswerAsync(node)).ShouldBe("v1");
        var found = (await node.AdminAsync(HttpMethod.Get, "services/fraud/switches/s1"))!;
        ((string?)found["state"]).ShouldBe("PREPARED");
        ((bool?)found["ready"]).ShouldBe(true);
        await StepAsync(node, "commit");
        (await AnswerAsync(node)).ShouldBe("v2");
    }

    [Fact]
    public async Task Restart_WithADamagedPreparedGeneration_SaysSoAndRefusesTheCommit()
    {
        await using (var before = await StartFreshAsync()) await PrepareAsync(before);
        var package = Path.Combine(_folder, "services/fraud/generations/v2.zip");
        await File.WriteAllBytesAsync(package, (await File.ReadAllBytesAsync(package))[..700]);
        await using var node = await new ApiNodeBuilder().On(_folder).StartAsync();
        var found = (await node.AdminAsync(HttpMethod.Get, "services/fraud/switches/s1"))!;
        ((bool?)found["ready"]).ShouldBe(false);
        ((string?)found["message"]).ShouldNotBeNull().ShouldContain("v2");
        (await node.GetAsync("readyz?verbose")).Text.ShouldContain("fraud/v2 failed");
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/switches/s1/commit")).ShouldFail(HttpStatusCode.UnprocessableEntity, "GenerationUnusable");
        (await AnswerAsync(node)).ShouldBe("v1");
        (await node.UploadAsync("fraud", s_second.Write())).ShouldSucceed(); // the same bytes mend it
        await StepAsync(node, "commit");
        (await AnswerAsync(node)).ShouldBe("v2");
    }

    [Fact]
    public async Task Overdue_ExpiresByItselfAndLetsGo()
    {
        await using var node = await StartFreshAsync();
        await PrepareAsync(node, body: """{"mapping":{"entries":[{"generation":"v2","proba":1}]},"expiresInSeconds":0.3}""");
        await Eventually.TrueAsync(async () => (string?)(await node.AdminAsync(HttpMethod.Get, "services/fraud/switches/s1"))!["state"] == "EXPIRED");
        ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("AVAILABLE");
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/switches/s1/commit")).ShouldFail(HttpStatusCode.Conflict, "SwitchExpired");
    }

    [Fact]
    public async Task DeleteGeneration_ThatASwitchWaitsWith_IsRefused()
    {
        await using var node = await StartFreshAsync();
        await PrepareAsync(node);
        (await node.TryAdminAsync(HttpMethod.Delete, "services/fraud/generations/v2")).ShouldFail(HttpStatusCode.Conflict, "GenerationInUse");
        await node.AdminAsync(HttpMethod.Delete, "services-clean-unused");
        ((string?)(await node.GenerationAsync("v2"))["state"]).ShouldBe("READY");
    }

    [Theory]
    [InlineData("s1", "{}", HttpStatusCode.BadRequest)]
    [InlineData("s1", """{"mapping":null}""", HttpStatusCode.BadRequest)]
    [InlineData("s1", """{"mapping":{"entries":[]}}""", HttpStatusCode.BadRequest)]
    [InlineData("s1", """{"mapping":{"entries":[{"generation":"v9","proba":1}]}}""", HttpStatusCode.NotFound)]
    [InlineData("s1", """{"mapping":{"entries":[{"generation":"v2","proba":1}]},"expiresInSeconds":0}""", HttpStatusCode.BadRequest)]
    [InlineData("s1", """{"mapping":{"entries":[{"generation":"v2","proba":1}]},"expiresInSeconds":1e12}""", HttpStatusCode.BadRequest)]
    [InlineData("a%20b", ToSecond, HttpStatusCode.BadRequest)]
    public async Task Prepare_ThatMayNotBe_IsRefused(string id, string body, HttpStatusCode status)
    {
        await using var node = await StartFreshAsync();
        (await node.TryAdminAsync(HttpMethod.Put, $"services/fraud/switches/{id}", body)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Prepare_WithAnotherMappingOrTooMany_IsAConflict()
    {
        await using var node = await StartFreshAsync();
        await PrepareAsync(node);
        (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/switches/s1", """{"mapping":{"entries":[{"generation":"v1","proba":1}]}}""")).ShouldFail(HttpStatusCode.Conflict, "SwitchExists");
        foreach (var id in (string[])["s2", "s3", "s4"]) await PrepareAsync(node, id);
        (await node.TryAdminAsync(HttpMethod.Put, "services/fraud/switches/s5", ToSecond)).ShouldFail(HttpStatusCode.Conflict, "TooManySwitches");
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/switches/none/commit")).ShouldFail(HttpStatusCode.NotFound, "SwitchNotFound");
    }

    private async Task<TestNode> StartFreshAsync() => await new ApiNodeBuilder().On(_folder).WithService(package: s_first).WithGeneration(s_second).StartAsync();

    private static async Task<JsonNode> PrepareAsync(TestNode node, string id = "s1", string body = ToSecond) => (await node.AdminAsync(HttpMethod.Put, $"services/fraud/switches/{id}", body))!;

    private static async Task<JsonNode> StepAsync(TestNode node, string step, string id = "s1") => (await node.AdminAsync(HttpMethod.Post, $"services/fraud/switches/{id}/{step}"))!;

    private static async Task<string?> AnswerAsync(TestNode node) => (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Generation;

    private static WeakReference<object> Weak(TestNode node, string generation) =>
        new(node.Services.GetRequiredService<NodeState>().Current.Services["fraud"].Generations[generation].Loaded!);
}
