using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Projects;

public sealed class ProjectEndpointsTests
{
    [Theory]
    [InlineData("/dip/publicapi/projects/")]
    [InlineData("/dip/publicapi/projects")]
    [InlineData("/public/api/projects/")]
    [InlineData("//dip//publicapi/projects/")]
    public async Task Create_OnEveryFormOfThePath_MakesTheProject(string path)
    {
        await using var node = await DesignNode.StartAsync();
        using var answer = await node.SendAsync(
            HttpMethod.Post, path, """{"projectKey":"FRAUD","name":"Fraud","owner":"ann","settings":null,"description":null,"permissions":[],"tags":[]}""");
        answer.EnsureSuccessStatusCode();
        var projects = await node.ListAsync("/dip/publicapi/projects/?includeLocation=False");
        projects.Single()!["projectKey"]!.GetValue<string>().ShouldBe("FRAUD");
        projects.Single()!["ownerLogin"]!.GetValue<string>().ShouldBe("ann");
    }

    [Theory]
    [InlineData("")]
    [InlineData("A-B")]
    [InlineData("A.B")]
    [InlineData("A/B")]
    [InlineData("documentations")]
    public async Task Create_WithAKeyThatIsNoWord_Is400(string key)
    {
        await using var node = await DesignNode.StartAsync();
        var body = new JsonObject { ["projectKey"] = key, ["name"] = "x" }.ToJsonString();
        var error = await node.RefusedAsync(400, HttpMethod.Post, "/dip/publicapi/projects/", body);
        error["message"]!.GetValue<string>().ShouldContain("project key");
        (await node.ListAsync("/dip/publicapi/projects/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_Twice_Is409AndKeepsTheFirst()
    {
        await using var node = await DesignNode.StartAsync();
        await node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"first"}""");
        var error = await node.RefusedAsync(409, HttpMethod.Post, "/dip/publicapi/projects/", """{"projectKey":"P","name":"second"}""");
        error["errorType"]!.GetValue<string>().ShouldBe("Conflict");
        (await node.GetAsync("/dip/publicapi/projects/P"))["name"]!.GetValue<string>().ShouldBe("first");
    }

    [Theory]
    [InlineData("settings", "settings")]
    [InlineData("metadata", "label")]
    [InlineData("permissions", "owner")]
    [InlineData("tags", "tags")]
    [InlineData("variables/", "standard")]
    public async Task Document_SavedWithMembersUnknownToUs_KeepsThem(string document, string expected)
    {
        await using var node = await DesignNode.StartAsync();
        await node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p"}""");
        var content = await node.GetAsync($"/dip/publicapi/projects/P/{document}");
        content.ContainsKey(expected).ShouldBeTrue();
        content["ourOwn"] = new JsonObject { ["x"] = 1 };
        await node.PutAsync($"/dip/publicapi/projects/P/{document}", content);
        var again = await node.GetAsync($"/dip/publicapi/projects/P/{document}");
        again["ourOwn"]!["x"]!.GetValue<int>().ShouldBe(1);
        again.ContainsKey(expected).ShouldBeTrue();
    }

    [Fact]
    public async Task Settings_OfANewProject_HoldEveryParentThatClientsRead()
    {
        await using var node = await DesignNode.StartAsync();
        await node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p"}""");
        var settings = await node.GetAsync("/dip/publicapi/projects/P/settings");
        settings["settings"]!["codeEnvs"]!["python"].ShouldNotBeNull();
        settings["settings"]!["codeEnvs"]!["r"].ShouldNotBeNull();
        settings["settings"]!["container"].ShouldNotBeNull();
        settings["settings"]!["k8sCluster"].ShouldNotBeNull();
        settings["settings"]!["cluster"].ShouldNotBeNull();
        settings["exposedObjects"]!["objects"].ShouldBeOfType<JsonArray>();
    }

    [Fact]
    public async Task Delete_AnswersAFutureThatStaysReadable()
    {
        await using var node = await DesignNode.StartAsync();
        await node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p"}""");
        var future = (JsonObject)(await node.JsonAsync(
            HttpMethod.Delete, "/dip/publicapi/projects/P?clearManagedDatasets=False&clearOutputManagedFolders=False&clearJobAndScenarioLogs=True&wait=True"))!;
        var job = future["jobId"]!.GetValue<string>();
        future["hasResult"]!.GetValue<bool>().ShouldBeTrue();
        for (var i = 0; i < 3; i++)
            (await node.GetAsync($"/dip/publicapi/futures/{job}?peek=False"))["hasResult"]!.GetValue<bool>().ShouldBeTrue();
        await node.RefusedAsync(404, HttpMethod.Get, "/dip/publicapi/projects/P");
    }

    [Fact]
    public async Task Call_WithoutKey_Is401WithAnErrorObject()
    {
        await using var node = await DesignNode.StartAsync();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(node.Address, "/dip/publicapi/projects/"));
        ((int)answer.StatusCode).ShouldBe(401);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync()).ShouldBeOfType<JsonObject>()["errorType"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Instance_TellsWhoAsksAndWhichNodeAnswers()
    {
        await using var node = await DesignNode.StartAsync();
        (await node.GetAsync("/dip/publicapi/auth/info?withSecrets=False"))["authIdentifier"]!.GetValue<string>().ShouldBe("test");
        (await node.GetAsync("/public/api/instance-info"))["nodeType"]!.GetValue<string>().ShouldBe("DESIGN");
    }
}
