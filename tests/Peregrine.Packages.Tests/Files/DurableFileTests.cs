using System.Runtime.Versioning;
using System.Text;
using Peregrine.Contracts.Files;

namespace Peregrine.Packages.Tests.Files;

public sealed class DurableFileTests
{
    [Fact]
    public async Task Write_ReplacesTheContentAndLeavesNothingElse()
    {
        using var folder = new TestFolder();
        var path = folder.File("state.json");

        await DurableFile.WriteAsync(path, "old and longer"u8.ToArray(), TestContext.Current.CancellationToken);
        await DurableFile.WriteAsync(path, "new"u8.ToArray(), TestContext.Current.CancellationToken);

        File.ReadAllText(path).ShouldBe("new");
        Directory.EnumerateFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Write_ThatFailsHalfWay_KeepsTheOldContent()
    {
        using var folder = new TestFolder();
        var path = folder.File("state.json");
        await DurableFile.WriteAsync(path, "old"u8.ToArray(), TestContext.Current.CancellationToken);

        await Should.ThrowAsync<InvalidOperationException>(() => DurableFile.WriteAsync(path, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes("half"), token);
            throw new InvalidOperationException("the writer broke");
        }, mode: null, TestContext.Current.CancellationToken));

        File.ReadAllText(path).ShouldBe("old");
        Directory.EnumerateFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Write_WithAMode_LetsNobodyElseReadIt()
    {
        using var folder = new TestFolder();
        var path = folder.File("key");

        await DurableFile.WriteAsync(
            path, "secret"u8.ToArray(), UnixFileMode.UserRead | UnixFileMode.UserWrite, TestContext.Current.CancellationToken);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Write_WhileOthersRead_ShowsThemOldOrNewAndNeverAMixture()
    {
        using var folder = new TestFolder();
        var path = folder.File("state");
        var versions = new[] { new string('a', 100_000), new string('b', 100_000) };
        await DurableFile.WriteAsync(path, Encoding.UTF8.GetBytes(versions[0]), TestContext.Current.CancellationToken);
        using var done = new CancellationTokenSource();

        var reading = Task.Run(() =>
        {
            var torn = 0;
            while (!done.IsCancellationRequested)
                if (!versions.Contains(File.ReadAllText(path))) torn++;
            return torn;
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 50; i++)
            await DurableFile.WriteAsync(path, Encoding.UTF8.GetBytes(versions[i % 2]), TestContext.Current.CancellationToken);
        await done.CancelAsync();

        (await reading).ShouldBe(0);
    }

    [Fact]
    public void CreateDirectory_MakesTheParentsToo()
    {
        using var folder = new TestFolder();

        DurableFile.CreateDirectory(folder.File("a/b/c"));
        DurableFile.CreateDirectory(folder.File("a/b/c"));

        Directory.Exists(folder.File("a/b/c")).ShouldBeTrue();
    }

    [Fact]
    public async Task Write_IntoADirectoryThatIsNotThere_Fails()
    {
        using var folder = new TestFolder();

        await Should.ThrowAsync<DirectoryNotFoundException>(
            () => DurableFile.WriteAsync(folder.File("no/such"), new byte[1], TestContext.Current.CancellationToken));
    }
}
