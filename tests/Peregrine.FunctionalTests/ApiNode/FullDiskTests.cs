using System.Diagnostics;
using Peregrine.Serving.Tests.Chaos;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>A real node on a real disk that is full: a small file system in memory, where the tests may mount one.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Node_StartedOnAFullDisk_ServesAndRefusesChangesUntilThereIsRoom()
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk) == 0, "mounting a file system needs a right that is not given here");
        try
        {
            await using var node = new KilledNode(Path.Combine(disk, "node"));
            await node.StartAsync();
            (await node.AskAsync(HttpMethod.Post, "/admin/api/services", "{\"serviceId\":\"fraud\"}"u8.ToArray())).ShouldBe(200);
            (await node.AskAsync(HttpMethod.Post, "/admin/api/services/fraud/generations", ChaosPackages.Bytes("g1"))).ShouldBe(200);
            (await node.AskAsync(HttpMethod.Post, "/admin/api/services/fraud/actions/switchTo/g1")).ShouldBe(200);
            await node.EndAsync();
            File.Delete(Path.Combine(node.Folder, "keys.json"));
            var ballast = Path.Combine(disk, "ballast");
            Fill(ballast);

            await node.StartAsync();
            (await AnswerAsync(node)).ShouldContain(ChaosPackages.Answer("g1", 0));
            (await node.AskAsync(HttpMethod.Post, "/admin/api/services/fraud/actions/disable")).ShouldBe(507);
            (await AnswerAsync(node)).ShouldContain(ChaosPackages.Answer("g1", 0));
            File.Delete(ballast);
            (await node.AskAsync(HttpMethod.Post, "/admin/api/services/fraud/actions/disable")).ShouldBe(200);
        }
        finally
        {
            (await RunAsync("umount", disk)).ShouldBe(0);
        }
    }

    private static async Task<string> AnswerAsync(ChaosNode node)
    {
        var (status, text) = await node.QueryAsync("/public/api/v1/fraud/score/predict", $"{{\"features\":{ChaosPackages.Records[0]}}}");
        status.ShouldBe(200, text);
        return text;
    }

    private static void Fill(string path)
    {
        var zeros = new byte[4096];
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true) file.Write(zeros);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
