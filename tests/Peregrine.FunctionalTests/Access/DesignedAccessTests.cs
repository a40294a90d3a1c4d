using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Serving.Tests.Access;

namespace Peregrine.FunctionalTests.Access;

/// <summary>Who may ask is said in the Designer by command line, travels in the package, and an API node obeys it.</summary>
public sealed class DesignedAccessTests : IDisposable
{
    private const string Record = """{"features":{"payment_id":"p1","when":"2025-01-01 03:00:00","card":"c001","amount":80,"kind":"online","age":40,"note":null}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Service_MadeInTheDesigner_IsOpenToItsKeysAndThenToSignedTokensOnly()
    {
        await using var server = await RunningServer.StartAsync(_folder["data"], seconds: 300);
        var model = await TrainAsync(server);
        (await server.RunAsync("service", "create", "P", "fraud", "--auth", "api-keys")).ShouldExit(0);
        (await server.RunAsync("service", "add-endpoint", "P", "fraud", "score", "--model", model)).ShouldExit(0);
        (await server.RunAsync("service", "add-endpoint", "P", "fraud", "second", "--model", model)).ShouldExit(0);
        using var http = new HttpClient { BaseAddress = server.NodeUrl };
        await KeysAsync(server, http);
        await TokensAsync(server, http);
        await ExplanationsAsync(server);
    }

    private static async Task KeysAsync(RunningServer server, HttpClient http)
    {
        var whole = (await server.RunAsync("service", "keys", "add", "P", "fraud", "whole")).ShouldExit(0).Output.Trim();
        var scoped = (await server.RunAsync("service", "keys", "add", "P", "fraud", "shop", "--expires", "90d", "--endpoint", "score")).ShouldExit(0).Output.Trim();
        var old = JsonNode.Parse((await server.RunAsync("service", "keys", "add", "P", "fraud", "batch", "--json")).ShouldExit(0).Output)!;
        var gone = JsonNode.Parse((await server.RunAsync("service", "keys", "add", "P", "fraud", "gone", "--json")).ShouldExit(0).Output)!;
        var next = (await server.RunAsync("service", "keys", "rotate", "P", "fraud", $"{old["id"]}", "--overlap", "0s")).ShouldExit(0).Output.Trim();
        (await server.RunAsync("service", "keys", "revoke", "P", "fraud", $"{gone["id"]}")).ShouldExit(0);
        (await server.RunAsync("service", "keys", "revoke", "P", "fraud", $"{gone["id"]}")).ShouldExit(2).Errors.ShouldContain("has no key");
        (await server.RunAsync("service", "keys", "add", "P", "fraud", "x", "--expires", "someday")).ShouldExit(2).Errors.ShouldContain("--expires");
        (await server.RunAsync("service", "keys", "add", "P", "fraud", "x", "--endpoint", "third")).ShouldExit(2).Errors.ShouldContain("no endpoint 'third'");
        var list = JsonNode.Parse((await server.RunAsync("service", "keys", "list", "P", "fraud", "--json")).ShouldExit(0).Output)!.AsArray();
        list.Select(key => $"{key!["label"]} {key["state"]}").ShouldBe(["whole active", "shop active", "batch expired", "batch active"]);

        await DeployAsync(server, "v1", create: true);
        (await AskAsync(http, "score", whole)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(http, "second", whole)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(http, "score", scoped)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(http, "second", scoped)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(http, "score", next)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(http, "score", (string)old["secret"]!)).ShouldBe((HttpStatusCode.Unauthorized, "KeyExpired"));
        (await AskAsync(http, "score", (string)gone["secret"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task TokensAsync(RunningServer server, HttpClient http)
    {
        await using var issuer = await TestIssuer.StartAsync();
        (await server.RunAsync("service", "oauth2", "set", "P", "fraud", "--issuer", TestIssuer.Name)).ShouldExit(2).Errors.ShouldContain("/oAuth2/jwksUrl");
        (await server.RunAsync("service", "oauth2", "set", "P", "fraud", "--claim", "tenant")).ShouldExit(2).Errors.ShouldContain("NAME=VALUE");
        (await server.RunAsync(
            "service", "oauth2", "set", "P", "fraud", "--issuer", TestIssuer.Name, "--jwks-url", issuer.JwksUrl, "--audience", TestIssuer.Audience, "--scope", "score", "--claim", "tenant=eu",
            "--clock-skew", "30s")).ShouldExit(0).Output.ShouldContain(issuer.JwksUrl);
        (await server.RunAsync("service", "oauth2", "set", "P", "fraud", "--clear", "claim")).ShouldExit(0).Output.ShouldNotContain("tenant");
        await DeployAsync(server, "v2", create: false);

        var now = DateTimeOffset.UtcNow;
        (await AskAsync(http, "score", issuer.Token("RS256", TestIssuer.Claims(now)))).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(http, "second", issuer.Token("ES256", TestIssuer.Claims(now)))).ShouldBe((HttpStatusCode.OK, null));
        var stranger = TestIssuer.Claims(now);
        stranger["aud"] = "another-api";
        (await AskAsync(http, "score", issuer.Token("RS256", stranger))).ShouldBe((HttpStatusCode.Unauthorized, "InvalidToken"));
        var reader = TestIssuer.Claims(now);
        reader["scope"] = "read";
        (await AskAsync(http, "score", issuer.Token("RS256", reader))).ShouldBe((HttpStatusCode.Forbidden, "InsufficientScope"));
    }

    private static async Task ExplanationsAsync(RunningServer server)
    {
        (await server.RunAsync("service", "set-explanations", "P", "fraud", "score", "--enabled", "true", "--method", "ice", "--top", "2")).ShouldExit(0).Output.ShouldContain("ice");
        (await server.RunAsync("service", "set-explanations", "P", "fraud", "score", "--top", "0")).ShouldExit(2).Errors.ShouldContain("nExplanations");
        (await server.RunAsync("service", "auth", "P", "fraud", "public")).ShouldExit(0);
        await DeployAsync(server, "v3", create: false);
        using var http = new HttpClient { BaseAddress = server.NodeUrl };
        using var body = new StringContent(Record);
        var answer = JsonNode.Parse(await (await http.PostAsync("public/api/v1/fraud/score/predict", body)).Content.ReadAsStringAsync())!;
        answer["result"]!["explanations"]!.AsObject().Count.ShouldBe(2);

        // The Deployer's test run explains on demand what does not explain by itself.
        using var run = await server.Http.PostAsync("public/api/api-deployer/deployments/fraud-on-dev/actions/run-test-queries?endpointIdParam=second&explain=true", null);
        var report = JsonNode.Parse(await run.Content.ReadAsStringAsync())!;
        report["results"]!.AsArray().ShouldAllBe(result => result!["answer"]!["result"]!["explanations"]!.AsObject().Count == 3);
    }

    private async Task<string> TrainAsync(RunningServer server)
    {
        await File.WriteAllBytesAsync(_folder["pay.csv"], PaymentTable.Csv(800));
        (await server.RunAsync("project", "create", "P")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "P", _folder["pay.csv"], "--name", "pay")).ShouldExit(0);
        var models = JsonNode.Parse((await server.RunAsync("train", "P", "pay", "--target", "is_fraud", "--algorithms", "boosting", "--json")).ShouldExit(0).Output)!.AsArray();
        var id = (models[0]!["fullModelId"] ?? models[0]!["id"])!.GetValue<string>();
        return (await server.RunAsync("model", "deploy", "P", id, "--name", "fraud")).ShouldExit(0).Output.Trim().Split(' ')[^1];
    }

    private static async Task DeployAsync(RunningServer server, string version, bool create)
    {
        (await server.RunAsync("package", "create", "P", "fraud", version)).ShouldExit(0);
        (await server.RunAsync("publish", "P", "fraud", version)).ShouldExit(0);
        if (create) (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "fraud", version, "--infra", "dev")).ShouldExit(0).Output.ShouldContain("HEALTHY");
    }

    private static async Task<(HttpStatusCode Status, string? Error)> AskAsync(HttpClient http, string endpoint, string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"public/api/v1/fraud/{endpoint}/predict") { Content = new StringContent(Record) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await http.SendAsync(request);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, body.TryGetProperty("errorType", out var type) ? type.GetString() : null);
    }
}
