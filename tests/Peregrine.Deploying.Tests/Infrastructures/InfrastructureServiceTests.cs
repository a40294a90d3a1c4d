using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Infrastructures;

public sealed class InfrastructureServiceTests
{
    [Fact]
    public async Task Settings_WithAKey_AnswerTheMaskAndKeepTheKeyOnAMaskedWrite()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);

        var read = (await deployer.GetAsync("/infras/dev/settings")).ShouldSucceed();
        read.Body.ShouldNotContain(ApiNode.AdminKey);
        read.Json["apiNodes"]![0]!["adminAPIKey"]!.GetValue<string>().ShouldBe("********");
        (await deployer.PutAsync("/infras/dev/settings", read.Body)).ShouldSucceed();

        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();
        (await deployer.UpdateAsync()).Text("result", "status").ShouldBe("DONE");
    }

    [Fact]
    public async Task Store_WithAKey_DoesNotHoldItInClear()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);

        foreach (var file in Directory.EnumerateFiles(Path.Combine(deployer.Folder, "deployer")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain(ApiNode.AdminKey, Case.Sensitive, file);
        }
    }

    [Fact]
    public async Task Write_OfTheMaskForAnotherAddress_IsRefusedSoThatNoKeyLeaks()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync(node);
        var settings = (await deployer.GetAsync("/infras/dev/settings")).Json;
        settings["apiNodes"]![0]!["url"] = "http://elsewhere:12000";

        var refused = (await deployer.PutAsync("/infras/dev/settings", settings.ToJsonString())).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        refused.Json["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/apiNodes/0/adminAPIKey");
    }

    [Fact]
    public async Task Write_WithUnknownMembers_KeepsThemAndTrimsTheAddress()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();

        (await deployer.PutAsync("/infras/dev/settings", """
            {"id":"dev","stage":"Test","type":"STATIC","governCheckPolicy":"WARN","carbonAPISettings":{"x":[1,2]},
             "apiNodes":[{"url":"http://node1:12000/","adminAPIKey":"k","graphitePrefix":null,"note":"left rack"}]}
            """)).ShouldSucceed();

        var settings = (await deployer.GetAsync("/infras/dev/settings")).Json;
        settings["carbonAPISettings"]!.ToJsonString().ShouldBe("""{"x":[1,2]}""");
        settings["governCheckPolicy"]!.GetValue<string>().ShouldBe("WARN");
        settings["apiNodes"]![0]!["url"]!.GetValue<string>().ShouldBe("http://node1:12000");
        settings["apiNodes"]![0]!["note"]!.GetValue<string>().ShouldBe("left rack");
        settings["apiNodes"]![0]!.AsObject().ContainsKey("graphitePrefix").ShouldBeTrue();
        (await deployer.GetAsync("/infras")).Json[0]!["infraBasicInfo"]!["stage"]!.GetValue<string>().ShouldBe("Test");
    }

    [Theory]
    [InlineData("K8S")]
    [InlineData("SAGEMAKER")]
    [InlineData("static")]
    public async Task Create_OfATypeThatThisBuildLacks_SaysWhichThereAre(string type)
    {
        await using var deployer = await Deployer.StartAsync();

        var refused = (await deployer.PostAsync("/infras", $$"""{"id":"x","stage":"Test","type":"{{type}}","governCheckPolicy":"NO_CHECK"}"""))
            .ShouldFail(HttpStatusCode.BadRequest, "UnsupportedInfrastructureType");

        refused.Text("detailedMessage")!.ShouldContain("STATIC");
        (await deployer.GetAsync("/infras")).Json.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"id":"x/y","stage":"Test","type":"STATIC"}""", "/id")]
    [InlineData("""{"id":"","stage":"Test","type":"STATIC"}""", "/id")]
    [InlineData("""{"id":"x","stage":"Moon","type":"STATIC"}""", "/stage")]
    public async Task Create_WithABadMember_PointsAtIt(string body, string pointer)
    {
        await using var deployer = await Deployer.StartAsync();

        (await deployer.PostAsync("/infras", body)).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings").Json["errors"]![0]!["pointer"]!
            .GetValue<string>().ShouldBe(pointer);
    }

    [Theory]
    [InlineData("node1:12000")]
    [InlineData("ftp://node1")]
    [InlineData("http://user:secret@node1")]
    [InlineData("http://node1/?x=1")]
    [InlineData("")]
    public async Task Write_WithABadNodeAddress_IsRefused(string url)
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        var settings = (await deployer.GetAsync("/infras/dev/settings")).Json;
        settings["apiNodes"] = new JsonArray(new JsonObject { ["url"] = url });

        (await deployer.PutAsync("/infras/dev/settings", settings.ToJsonString())).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");

        (await deployer.GetAsync("/infras/dev/settings")).Json["apiNodes"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_WhileADeploymentUsesIt_IsRefused()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1");
        await deployer.AddDeploymentAsync();

        (await deployer.DeleteAsync("/infras/dev")).ShouldFail(HttpStatusCode.Conflict, "InfrastructureInUse").Text("detailedMessage")!.ShouldContain("d1");
        (await deployer.GetAsync("/infras/dev")).ShouldSucceed().Json["deployments"]![0]!["id"]!.GetValue<string>().ShouldBe("d1");
    }

    [Fact]
    public async Task Delete_OfAnUnusedOne_RemovesIt()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();

        (await deployer.DeleteAsync("/infras/dev")).ShouldSucceed();

        (await deployer.GetAsync("/infras/dev")).ShouldFail(HttpStatusCode.NotFound, "InfrastructureNotFound");
    }

    [Fact]
    public async Task Create_OfATakenId_IsAConflict()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();

        (await deployer.PostAsync("/infras", """{"id":"dev","stage":"Test"}""")).ShouldFail(HttpStatusCode.Conflict, "InfrastructureExists");
    }

    [Fact]
    public async Task Create_WithABodyThatIsNotJson_SaysWhere()
    {
        await using var deployer = await Deployer.StartAsync();

        (await deployer.PostAsync("/infras", """{"id":"x",""")).ShouldFail(HttpStatusCode.BadRequest, "MalformedJson");
        (await deployer.PostAsync("/infras", """{"stage":"Test"}""")).ShouldFail(HttpStatusCode.BadRequest, "MalformedJson").Text("detailedMessage")!.ShouldContain("id");
    }
}
