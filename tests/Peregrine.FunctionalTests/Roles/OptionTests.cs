using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Roles;

/// <summary>Options of the roles by environment, as the documentation names them.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("design", "Designing__MaxServiceKeys", "0", "MaxServiceKeys")]
    [InlineData("deployer", "Deploying__ParallelNodes", "65", "ParallelNodes")]
    [InlineData("apinode", "Serving__MaxJsonDepth", "3", "MaxJsonDepth")]
    public async Task Start_ValueOutOfRange_EndsWith2AndNamesTheOption(string role, string variable, string value, string name)
    {
        var result = await PeregrineProcess.RunAsync([role, "--data-dir", _folder[role], "--port", "0"], new Dictionary<string, string?> { [variable] = value });
        result.ShouldExit(2).Errors.ShouldContain(name);
    }

    [Fact]
    public async Task Start_LimitOfTheDesignNode_IsTheOneThatWasSet()
    {
        await using var server = await RunningServer.StartAsync(_folder["data"], new Dictionary<string, string?> { ["Designing__MaxServiceKeys"] = "1" });
        (await server.RunAsync("project", "create", "ONE")).ShouldExit(0);
        (await server.RunAsync("service", "create", "ONE", "score")).ShouldExit(0);
        (await server.RunAsync("service", "keys", "add", "ONE", "score", "first")).ShouldExit(0);
        (await server.RunAsync("service", "keys", "add", "ONE", "score", "second")).ShouldExit(2).Errors.ShouldContain("MaxServiceKeys");
    }
}
