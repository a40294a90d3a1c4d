using System.Net;
using Microsoft.AspNetCore.Http;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Updates;

public sealed class DeploymentUpdaterTests
{
    [Fact]
    public async Task Update_WithADeadNode_FailsAndLeavesTheOthersAsTheyWere()
    {
        await using var good = await ApiNode.StartAsync();
        await using var bad = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(good, bad);
        await bad.StopAsync();
        await deployer.SetVersionAsync("v2");

        var result = await deployer.UpdateAsync();

        result.Text("result", "status").ShouldBe("FAILED");
        result.Body.ShouldContain(bad.Url);
        (await deployer.GenerationOnAsync(good)).ShouldBe("v1");
        var status = await deployer.StatusAsync();
        status.Text("health").ShouldBe("ERROR");
        status.Codes.ShouldContain("ERR_LAST_UPDATE_FAILED");
        status.Codes.ShouldContain("WARN_SETTINGS_CHANGED");
        (await deployer.GetAsync("/deployments/d1/last-update")).Text("status").ShouldBe("FAILED");

        await bad.StartEmptyAsync();
        (await deployer.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        (await deployer.GenerationOnAsync(good)).ShouldBe("v2");
        (await deployer.GenerationOnAsync(bad)).ShouldBe("v2");
    }

    [Fact]
    public async Task Update_OfSeveralNodes_PreparesAllThenCommitsAll()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);
        await deployer.SetVersionAsync("v2");

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");

        var steps = (await deployer.GetAsync("/deployments/d1/last-update")).Json["steps"]!.AsArray();
        foreach (var node in (ApiNode[])[first, second])
            steps.Where(step => (string?)step!["nodeUrl"] == node.Url).Select(step => (string?)step!["name"]).ShouldBe(["upload", "prepare switch", "commit switch", "check"]);
        var names = steps.Select(step => (string?)step!["name"]).ToList();
        names.LastIndexOf("prepare switch").ShouldBeLessThan(names.IndexOf("commit switch"));
        (await deployer.GenerationOnAsync(first)).ShouldBe("v2");
        (await deployer.GenerationOnAsync(second)).ShouldBe("v2");
    }

    [Fact]
    public async Task Update_WithANodeThatCannotPrepare_AbortsTheOthers()
    {
        await using var good = await ApiNode.StartAsync();
        await using var bad = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(good, bad);
        await deployer.SetVersionAsync("v2");
        bad.Gate = context => context.Request.Method != "PUT" ? Task.FromResult(true) : RefuseAsync(context);

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("FAILED");

        (await deployer.GenerationOnAsync(good)).ShouldBe("v1");
        (await deployer.GenerationOnAsync(bad)).ShouldBe("v1");
        foreach (var node in (ApiNode[])[good, bad])
            (await SwitchesAsync(node)).Select(one => (string?)one!["state"]).ShouldBe(["COMMITTED", "ABORTED"]);
        bad.Gate = _ => Task.FromResult(true);
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
        (await deployer.GenerationOnAsync(good)).ShouldBe("v2");
    }

    [Fact]
    public async Task Update_WithANodeThatLostItsPreparedSwitch_SetsTheMappingThere()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(first, second);
        await deployer.SetVersionAsync("v2");
        second.Gate = context => !context.Request.Path.Value!.EndsWith("/commit", StringComparison.Ordinal) ? Task.FromResult(true) : RefuseAsync(context);

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");

        (await deployer.GenerationOnAsync(first)).ShouldBe("v2");
        (await deployer.GenerationOnAsync(second)).ShouldBe("v2");
    }

    [Fact]
    public async Task Update_WithABrokenUpload_SendsOnlyWhatIsMissing()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        var offsets = new List<string>();
        node.Gate = context =>
        {
            if (context.Request.Method != "PATCH") return Task.FromResult(true);
            offsets.Add(context.Request.Headers["Upload-Offset"].ToString());
            if (offsets.Count == 1) context.Request.Body = new BreakingStream(context.Request.Body, 600, context.Abort);
            return Task.FromResult(true);
        };

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");

        offsets.ShouldBe(["0", "600"]);
        (await deployer.GenerationOnAsync(node)).ShouldBe("v2");
    }

    [Theory]
    [InlineData("WrongOffset")]
    [InlineData("UploadInUse")]
    public async Task Update_WhoseUploadIsContested_AsksAgainWhatIsThere(string errorType)
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        var uploads = 0;
        node.Gate = async context =>
        {
            if (context.Request.Method != "PATCH" || uploads++ > 0) return true;
            context.Response.StatusCode = 409;
            await context.Response.WriteAsync($$"""{"errorType":"{{errorType}}","message":"somebody else uploads it"}""");
            return false;
        };

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");

        uploads.ShouldBe(2);
        (await deployer.GenerationOnAsync(node)).ShouldBe("v2");
    }

    [Fact]
    public async Task Update_OfANodeWithAWrongKey_SaysWhatToSet()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        var settings = (await deployer.GetAsync("/infras/dev/settings")).Json;
        settings["apiNodes"]![0]!["adminAPIKey"] = "not the key";
        (await deployer.PutAsync("/infras/dev/settings", settings.ToJsonString())).ShouldSucceed();

        var result = await deployer.UpdateAsync();

        result.Text("result", "status").ShouldBe("FAILED");
        result.Body.ShouldContain("adminAPIKey");
        result.Body.ShouldNotContain("not the key");
    }

    [Fact]
    public async Task Update_OfANodeThatHoldsOtherContentUnderTheId_IsRefusedAndOverwritesNothing()
    {
        await using var node = await ApiNode.StartAsync();
        await using var first = await Deployer.StartAsync();
        await first.DeployAsync(node);
        await using var second = await Deployer.StartAsync();
        await second.AddInfraAsync(node);
        await second.PostAsync("/services", """{"publishedServiceId":"fraud"}""");
        (await second.ImportAsync(new Serving.Tests.TestPackage { Version = "v1", Model = Serving.Tests.TestModels.Binary(bias: 0.7) }.Write())).ShouldSucceed();
        await second.AddDeploymentAsync();

        var result = await second.UpdateAsync();

        result.Text("result", "status").ShouldBe("FAILED");
        result.Body.ShouldContain("another package");
        var settings = (await second.GetAsync("/deployments/d1/settings")).Json;
        settings["enabled"] = false;
        (await second.PutAsync("/deployments/d1/settings", settings.ToJsonString())).ShouldSucceed();
        (await second.DeleteAsync("/deployments/d1")).ShouldSucceed();
        (await first.StatusAsync()).Text("health").ShouldBe("HEALTHY");
    }

    [Fact]
    public async Task Update_WhileOneRuns_IsAConflict()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        var release = HoldUploads(node);
        var jobId = (await deployer.PostAsync("/deployments/d1/actions/update")).ShouldSucceed().Text("jobId")!;

        (await deployer.PostAsync("/deployments/d1/actions/update")).ShouldFail(HttpStatusCode.Conflict, "UpdateRunning");
        (await deployer.GetAsync("/deployments/d1/last-update")).Text("status").ShouldBe("RUNNING");

        release.SetResult();
        (await deployer.FutureAsync(jobId)).Text("result", "status").ShouldBe("DONE");
    }

    [Fact]
    public async Task Abort_OfARunningUpdate_EndsItAndSaysSo()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        var release = HoldUploads(node);
        var jobId = (await deployer.PostAsync("/deployments/d1/actions/update")).Text("jobId")!;

        (await deployer.SendAsync(HttpMethod.Delete, $"/dip/publicapi/futures/{jobId}")).ShouldSucceed();

        (await deployer.FutureAsync(jobId)).ShouldFail(HttpStatusCode.Conflict, "FutureAborted");
        (await deployer.GetAsync("/deployments/d1/last-update")).Text("status").ShouldBe("ABORTED");
        release.SetResult();
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
    }

    [Fact]
    public async Task Update_WithoutNodes_IsRefused()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();

        (await deployer.PostAsync("/deployments/d1/actions/update")).ShouldFail(HttpStatusCode.Conflict, "NoApiNodes");
        (await deployer.PostAsync("/deployments/none/actions/update")).ShouldFail(HttpStatusCode.NotFound, "DeploymentNotFound");
    }

    [Fact]
    public async Task Update_Repeated_DoesNothingToANodeThatIsAsWanted()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);

        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");

        (await deployer.GetAsync("/deployments/d1/last-update")).Json["steps"]!.AsArray().Select(step => (string?)step!["name"]).ShouldBe(["check"]);
    }

    [Fact]
    public async Task Rollback_AfterAnUpdate_BringsTheGenerationsBefore()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        (await deployer.PostAsync("/deployments/d1/actions/rollback")).ShouldFail(HttpStatusCode.Conflict, "NothingToRollBackTo");
        await deployer.SetVersionAsync("v2");
        await deployer.UpdateAsync();

        (await deployer.UpdateAsync(action: "rollback")).Text("result", "health").ShouldBe("HEALTHY");

        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
        (await deployer.GetAsync("/deployments/d1/last-update")).Text("type").ShouldBe("ROLLBACK");
        (await deployer.GetAsync("/deployments/d1/settings")).Text("generationsMapping", "generation").ShouldBe("v1");
    }

    [Fact]
    public async Task Rollback_AfterAFailedUpdate_BringsWhatTheNodesStillHave()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        node.Gate = context => RefuseUpload(context, HttpStatusCode.InsufficientStorage);
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("FAILED");
        node.Gate = _ => Task.FromResult(true);

        (await deployer.UpdateAsync(action: "rollback")).Text("result", "health").ShouldBe("HEALTHY");

        (await deployer.GenerationOnAsync(node)).ShouldBe("v1");
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAnUpdate_MarksItFailedAndKeepsWhatNodesServed()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.DeployAsync(node);
        await deployer.SetVersionAsync("v2");
        var reached = new TaskCompletionSource();
        var release = HoldUploads(node, reached);
        await deployer.PostAsync("/deployments/d1/actions/update");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var image = Image(deployer.Folder);

        try
        {
            await using (var restarted = await Deployer.StartAsync(folder: image))
            {
                var last = await restarted.GetAsync("/deployments/d1/last-update");
                last.Text("status").ShouldBe("FAILED");
                last.Body.ShouldContain("ERR_UPDATE_INTERRUPTED");
                var status = await restarted.StatusAsync();
                status.Text("health").ShouldBe("ERROR");
                status.Codes.ShouldContain("ERR_LAST_UPDATE_FAILED");
                (await restarted.GenerationOnAsync(node)).ShouldBe("v1");

                release.SetResult();
                var update = await restarted.UpdateAsync();
                update.Text("result", "health").ShouldBe("HEALTHY", update.Body);
                (await restarted.GenerationOnAsync(node)).ShouldBe("v2");
            }
        }
        finally
        {
            Directory.Delete(image, recursive: true);
        }
    }

    /// <summary>The files of a running Deployer as they are: what a process that is killed now would leave.</summary>
    private static string Image(string folder)
    {
        var image = Directory.CreateTempSubdirectory("peregrine-image-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(image, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(copy);
            source.CopyTo(target);
        }

        return image;
    }

    /// <summary>Uploads to the node wait until the returned source is set.</summary>
    private static TaskCompletionSource HoldUploads(ApiNode node, TaskCompletionSource? reached = null)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Gate = async context =>
        {
            if (context.Request.Method != "PATCH") return true;
            reached?.TrySetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            return true;
        };
        return release;
    }

    private static Task<bool> RefuseUpload(HttpContext context, HttpStatusCode status)
    {
        if (context.Request.Method != "PATCH") return Task.FromResult(true);
        context.Response.StatusCode = (int)status;
        return Task.FromResult(false);
    }

    private static async Task<bool> RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 409;
        await context.Response.WriteAsync("""{"errorType":"Test","message":"not now"}""");
        return false;
    }

    private static async Task<System.Text.Json.Nodes.JsonArray> SwitchesAsync(ApiNode node)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = Deployer.Basic(ApiNode.AdminKey);
        var text = await http.GetStringAsync(new Uri($"{node.Url}/admin/api/services/fraud/switches"));
        return System.Text.Json.Nodes.JsonNode.Parse(text)!["switches"]!.AsArray();
    }
}
