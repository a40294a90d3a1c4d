using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>A node in a container may find its home folder read-only, and shares none with the next one.</summary>
public sealed class HomeFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Node_WritesNothingButItsDataDirectory()
    {
        var home = Directory.CreateDirectory(_folder["home"]).FullName;
        await using (var node = await RunningNode.StartAsync(_folder["node"], ("HOME", home)))
        {
            (await node.PredictAsync(12)).IsSuccessStatusCode.ShouldBeTrue();
            (await node.Process.TerminateAsync()).ShouldBe(0, node.Process.Errors);
        }

        Directory.EnumerateFileSystemEntries(home).ShouldBeEmpty();
    }
}
