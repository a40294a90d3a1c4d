using System.Text;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary>What a user can do wrong by the command line: each gets exit code 2, words that help, and leaves nothing half made.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BadFiles_AreRefusedWithTheirPlaceAndLeaveNoDataset()
    {
        (string Name, byte[] Content, string Word)[] files =
        [
            ("ragged.csv", "a,b,c\n1,2,3\n4,5\n6,7,8\n"u8.ToArray(), "3"),
            ("twice.csv", "a,b,a\n1,2,3\n"u8.ToArray(), "a"),
            ("nameless.csv", "a,,c\n1,2,3\n"u8.ToArray(), "column"),
            ("encoding.csv", [.. "a,b\n1,"u8, 0xE9, 0xFF, .. "\n"u8], "UTF-8"),
            ("empty.csv", [], "empty"),
            ("header-only.csv", "a,b,c\n"u8.ToArray(), "row"),
            ("image.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 73, 72, 68, 82], "CSV"),
            ("broken.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], "gz"),
        ];
        await using var server = await RunningServer.StartAsync(_folder["data"]);
        (await server.RunAsync("project", "create", "BAD")).ShouldExit(0);
        foreach (var (name, content, word) in files)
        {
            await File.WriteAllBytesAsync(_folder[name], content);
            var result = (await server.RunAsync("dataset", "upload", "BAD", _folder[name])).ShouldExit(2);
            result.Errors.ShouldContain(word, Case.Insensitive, name);
        }

        (await server.RunAsync("dataset", "list", "BAD", "--json")).ShouldExit(0).Output.Trim().ShouldBe("[]");
        (await server.RunAsync("dataset", "upload", "BAD", _folder["nowhere.csv"])).ShouldExit(2).Errors.ShouldContain("nowhere.csv");
        await BadTargetsAsync(server);
        await BadNamesAsync(server);
    }

    private async Task BadTargetsAsync(RunningServer server)
    {
        var csv = new StringBuilder("id,x,nothing,one,holes,target\n");
        for (var i = 0; i < 400; i++) csv.Append($"{i},{i % 7},,same,{(i % 3 == 0 ? "" : "v" + i % 2)},{i % 2}\n");
        await File.WriteAllTextAsync(_folder["table.csv"], csv.ToString());
        (await server.RunAsync("dataset", "upload", "BAD", _folder["table.csv"])).ShouldExit(0);

        (await server.RunAsync("train", "BAD", "table", "--target", "absent")).ShouldExit(2).Errors.ShouldContain("absent");
        (await server.RunAsync("train", "BAD", "table", "--target", "one")).ExitCode.ShouldBeInRange(1, 2);
        (await server.RunAsync("train", "BAD", "table", "--target", "nothing")).ExitCode.ShouldBeInRange(1, 2);
        (await server.RunAsync("train", "BAD", "table", "--target", "target", "--ignore", "ghost")).ShouldExit(2).Errors.ShouldContain("ghost");
        (await server.RunAsync("train", "BAD", "table", "--target", "target", "--split", "time")).ShouldExit(2).Errors.ShouldContain("--time-column");
        (await server.RunAsync("train", "BAD", "table", "--target", "target", "--algorithms", "magic")).ShouldExit(2).Errors.ShouldContain("magic");
        (await server.RunAsync("train", "BAD", "table", "--target", "target", "--train-ratio", "2")).ShouldExit(2);
        (await server.RunAsync("train", "BAD", "ghosts", "--target", "target")).ShouldExit(2).Errors.ShouldContain("ghosts");
    }

    private static async Task BadNamesAsync(RunningServer server)
    {
        (await server.RunAsync("project", "create", "BAD")).ShouldExit(2).Errors.ShouldContain("BAD");
        (await server.RunAsync("project", "create", "not a key")).ShouldExit(2);
        (await server.RunAsync("project", "delete", "NONE")).ShouldExit(2).Errors.ShouldContain("NONE");
        (await server.RunAsync("package", "create", "BAD", "none", "v1")).ShouldExit(2).Errors.ShouldContain("none");
        (await server.RunAsync("deploy", "none", "v1", "--infra", "nowhere")).ShouldExit(2).Errors.ShouldNotBeEmpty();
        (await server.RunAsync("deployment", "status", "none")).ShouldExit(2).Errors.ShouldContain("none");
        (await PeregrineProcess.RunAsync(["project", "list", "--url", server.Url.AbsoluteUri, "--key", "wrong-key-of-mine"])).ShouldExit(2).Errors.ShouldContain("key");
        (await PeregrineProcess.RunAsync(["project", "list", "--url", "http://127.0.0.1:9", "--key", "x"])).ShouldExit(1).Errors.ShouldContain("127.0.0.1:9");
        (await PeregrineProcess.RunAsync(["project", "list", "--url", "nonsense"])).ShouldExit(2).Errors.ShouldContain("nonsense");
    }
}
