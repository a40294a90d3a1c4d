using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Contracts.Files;

namespace Peregrine.Serving.Tests.Survival;

/// <summary>Each change fails at its first step, then at its second, until it gets through; after each failure the node comes back with the state before or after it.</summary>
public sealed class FaultTests
{
    private static readonly TestPackage s_first = new();
    private static readonly TestPackage s_second = new() { Version = "v2", Model = TestModels.Binary(bias: 2) };

    public static TheoryData<string, string> Changes()
    {
        var data = new TheoryData<string, string>();
        foreach (var change in (string[])["create", "import", "resume", "switch", "prepare", "commit", "abort", "disable", "deleteGeneration", "deleteService", "clean"])
        foreach (var kind in Enum.GetNames<FaultKind>())
            data.Add(change, kind);
        return data;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_FailingAtAnyStep_LeavesTheStateBeforeOrAfter(string change, string kindName)
    {
        var kind = Enum.Parse<FaultKind>(kindName);
        var prepared = await PrepareAsync(change);
        try
        {
            // All steps take minutes: every fourth, beginning elsewhere for each change and kind, unless all are asked for.
            var every = Environment.GetEnvironmentVariable("PEREGRINE_FAULTS") == "all" ? 1 : 4;
            var first = 1 + ((change.Length + (int)kind) % every);
            for (var step = first; ; step += every)
            {
                var folder = Copy(prepared);
                var reached = await FailAtAsync(folder, change, kind, step);
                Directory.Delete(folder, recursive: true);
                if (!reached) return;
                step.ShouldBeLessThan(60);
            }
        }
        finally
        {
            Directory.Delete(prepared, recursive: true);
        }
    }

    /// <returns>Whether the change has so many steps.</returns>
    private static async Task<bool> FailAtAsync(string folder, string change, FaultKind kind, int step)
    {
        string before, after;
        var files = new FaultyFiles(step, kind);
        await using (var node = await new ApiNodeBuilder().On(folder).StartAsync()) before = await StateAsync(node);
        await using (var node = await new ApiNodeBuilder().On(folder).WithServices(services => services.AddSingleton<FileLayer>(files)).StartAsync())
        {
            files.Arm();
            var answer = await ChangeAsync(node, change);
            if (!files.Failed)
            {
                answer.ShouldSucceed();
                return false;
            }

            // The living node answers as it did, whatever became of the change.
            if (kind == FaultKind.DiskFull && answer.Status != HttpStatusCode.OK)
            {
                answer.ShouldFail(HttpStatusCode.InsufficientStorage, "DiskFull");
                (await StateAsync(node)).ShouldBe(before, $"step {step} of {change}");
            }
        }

        if (kind == FaultKind.PowerCut) files.CutPower();
        await using (var node = await new ApiNodeBuilder().On(folder).StartAsync())
        {
            var found = await StateAsync(node);
            var troubles = (await node.GetAsync("readyz?verbose")).Text;
            troubles.ShouldNotContain("failed", Case.Sensitive, $"step {step} of {change}");
            troubles.ShouldNotContain("not taken up", Case.Sensitive, $"step {step} of {change}");
            if (found == before)
            {
                (await ChangeAsync(node, change)).ShouldSucceed(); // and it works now
                return true;
            }

            after = found;
        }

        after.ShouldBe(await UndisturbedAsync(change), $"step {step} of {change}");
        return true;
    }

    private static async Task<string> UndisturbedAsync(string change)
    {
        var folder = await PrepareAsync(change);
        await using var node = await new ApiNodeBuilder().On(folder).StartAsync();
        (await ChangeAsync(node, change)).ShouldSucceed();
        return await StateAsync(node);
    }

    /// <summary>The folder of a node that serves v1, has v2, and what the change needs besides.</summary>
    private static async Task<string> PrepareAsync(string change)
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        var builder = new ApiNodeBuilder().On(folder).WithService(package: s_first);
        if (change is not ("import" or "resume")) builder = builder.WithGeneration(s_second);
        await using var node = await builder.StartAsync();
        if (change is "commit" or "abort") await node.AdminAsync(HttpMethod.Put, "services/fraud/switches/s1", ToSecond);
        if (change == "resume") (await AppendAsync(node, 0, 500, complete: false)).ShouldSucceed();
        return folder;
    }

    private const string ToSecond = """{"mapping":{"entries":[{"generation":"v2","proba":1}]}}""";

    private static async Task<Answer> ChangeAsync(TestNode node, string change) => change switch
    {
        "create" => await node.TryAdminAsync(HttpMethod.Post, "services", """{"serviceId":"other"}"""),
        "import" => await node.UploadAsync("fraud", s_second.Write()),
        "resume" => await ResumeAsync(node),
        "switch" => await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/switchTo/v2"),
        "prepare" => await node.TryAdminAsync(HttpMethod.Put, "services/fraud/switches/s1", ToSecond),
        "commit" or "abort" => await node.TryAdminAsync(HttpMethod.Post, $"services/fraud/switches/s1/{change}"),
        "disable" => await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/disable"),
        "deleteGeneration" => await node.TryAdminAsync(HttpMethod.Delete, "services/fraud/generations/v2"),
        "clean" => await node.TryAdminAsync(HttpMethod.Delete, "services-clean-unused"),
        _ => await node.TryAdminAsync(HttpMethod.Delete, "services/fraud"),
    };

    private static async Task<Answer> ResumeAsync(TestNode node)
    {
        var package = s_second.Write();
        var known = await node.TryAdminAsync(HttpMethod.Get, $"services/fraud/packages/{TestPackage.DigestOf(package)}");
        return await AppendAsync(node, known.Status == HttpStatusCode.OK ? (int)known.Json["bytes"]! : 0, package.Length, complete: true);
    }

    private static Task<Answer> AppendAsync(TestNode node, int from, int to, bool complete)
    {
        var package = s_second.Write();
        var content = new ByteArrayContent(package[from..to]);
        content.Headers.Add("Upload-Offset", from.ToString(System.Globalization.CultureInfo.InvariantCulture));
        content.Headers.Add("Upload-Complete", complete ? "?1" : "?0");
        return node.SendAsync(HttpMethod.Patch, $"admin/api/services/fraud/packages/{TestPackage.DigestOf(package)}", content, TestNode.Basic(ApiNodeBuilder.AdminKey));
    }

    /// <summary>All that callers and operators see, without times.</summary>
    private static async Task<string> StateAsync(TestNode node)
    {
        var services = (await node.AdminAsync(HttpMethod.Get, "services"))!.ToJsonString();
        if ((await node.TryAdminAsync(HttpMethod.Get, "services/fraud")).Status != HttpStatusCode.OK) return services;
        var generations = (await node.AdminAsync(HttpMethod.Get, "services/fraud"))!["generations"]!.AsArray().Select(one => $"{one!["generation"]} {one["state"]}").Order(StringComparer.Ordinal);
        var switches = (await node.AdminAsync(HttpMethod.Get, "services/fraud/switches"))!["switches"]!.AsArray().Select(one => $"{one!["id"]} {one["state"]}");
        var answer = await node.PredictFeaturesAsync(TestPackage.GoodFeatures);
        return $"{services} | {string.Join(", ", generations)} | {string.Join(", ", switches)} | {(answer.Status == HttpStatusCode.OK ? answer.Generation + answer.Result : answer.ErrorType)}";
    }

    private static string Copy(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(folder, path)));
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) File.Copy(path, Path.Combine(copy, Path.GetRelativePath(folder, path)));
        return copy;
    }
}
