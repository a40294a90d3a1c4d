using System.Net;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Roles;

public sealed class SingleRoleTests : IDisposable
{
    private const string Key = "one-key-for-all-three";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("design", "/public/api/projects/")]
    [InlineData("deployer", "/public/api/api-deployer/stages")]
    [InlineData("apinode", "/admin/api/services")]
    public async Task Role_InAProcessOfItsOwn_AnswersItsApiAndEndsWith0OnSigterm(string role, string path)
    {
        await using var process = PeregrineProcess.Start(
            [role, "--data-dir", _folder[role], "--port", "0"], new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = Key });
        await process.WaitForLineAsync("Ready.");
        var root = new Uri(System.Text.RegularExpressions.Regex.Match(process.Output, @"http://127\.0\.0\.1:\d+").Value);
        using var http = new HttpClient { BaseAddress = root };

        (await http.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = RunningServer.Basic(Key);
        (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await process.TerminateAsync()).ShouldBe(0, process.Errors);
    }

    [Fact]
    public async Task Design_DeployerWithoutKey_SaysWhichOptionIsMissing()
    {
        var result = await PeregrineProcess.RunAsync(["design", "--data-dir", _folder["design"], "--port", "0", "--deployer-url", "http://127.0.0.1:9"]);

        result.ShouldExit(2);
        result.Errors.ShouldContain("--deployer-key");
        result.Errors.ShouldNotContain("   at ");
    }
}
