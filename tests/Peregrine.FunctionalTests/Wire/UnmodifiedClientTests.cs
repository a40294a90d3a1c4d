using System.Text.Json.Nodes;
using Peregrine.FunctionalTests.Demo;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Wire;

/// <summary>The oddities of the public Python client, byte for byte, against the demo's instance.</summary>
public sealed class UnmodifiedClientTests(DemoFixture demo)
{
    private const string Node = "/public/api/v1/fraud/score";

    [Theory]
    [InlineData("/dip/publicapi")]
    [InlineData("/public/api")]
    [InlineData("//dip/publicapi")]
    [InlineData("//public//api")]
    public async Task ControlPlane_BothBasesAndDoubledSlashes_Answer(string root)
    {
        var server = await demo.ServeAsync();
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/projects/", server.AdminKey)).ShouldBe(200).Json!.AsArray().Count.ShouldBeGreaterThan(0);
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/projects/?includeLocation=False", server.AdminKey)).ShouldBe(200);
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/auth/info?withSecrets=False", server.AdminKey)).ShouldBe(200);
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/instance-info", server.AdminKey)).ShouldBe(200);
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/api-deployer/deployments", server.AdminKey)).ShouldBe(200)
            .Json![0]!["deploymentBasicInfo"]!["id"]!.GetValue<string>().ShouldBe("fraud-on-local");
        (await RawRequest.SendAsync(server.Url, "GET", $"{root}/futures/?withScenarios=False&withNotScenarios=True&allUsers=False", server.AdminKey)).ShouldBe(200);
    }

    [Fact]
    public async Task ControlPlane_JsonWithoutContentType_IsRead()
    {
        var server = await demo.ServeAsync();
        const string project = """{"projectKey":"WIRE","name":"Wire","owner":"me","settings":null,"description":null,"permissions":[],"tags":[]}""";
        (await RawRequest.SendAsync(server.Url, "POST", "/dip/publicapi/projects/", server.AdminKey, project)).ShouldBe(200);
        (await RawRequest.SendAsync(server.Url, "PUT", "/dip/publicapi/projects/WIRE/variables/", server.AdminKey, """{"standard":{"x":NaN},"local":{}}""")).Status.ShouldBeLessThan(400);
        (await RawRequest.SendAsync(server.Url, "POST", "/dip/publicapi/projects/WIRE/apiservices/empty", server.AdminKey)).Status.ShouldBeLessThan(400);
        (await RawRequest.SendAsync(
            server.Url, "DELETE", "/dip/publicapi/projects/WIRE?clearManagedDatasets=False&clearOutputManagedFolders=False&clearJobAndScenarioLogs=True&wait=True", server.AdminKey))
            .ShouldBe(200).Json.ShouldBeOfType<JsonObject>();
    }

    [Fact]
    public async Task Node_PredictWithoutContentTypeWithNanAndDoubledSlashes_Answers()
    {
        var server = await demo.ServeAsync();
        var request = JsonNode.Parse(demo.Request)!;
        request["explanations"] = JsonNode.Parse("""{"enabled":null,"method":null,"nExplanations":null,"nMonteCarloSteps":null}""");
        request["context"] = JsonNode.Parse("""{"ticket":7}""");
        var features = request["features"]!.AsObject();
        features["pay_lat"] = "@nan@";
        var body = request.ToJsonString().Replace("\"@nan@\"", "NaN", StringComparison.Ordinal);
        foreach (var path in new[] { $"{Node}/predict", $"/{Node}/predict", "/public/api//v1/fraud//score/predict", $"{Node}/predict/" })
            (await RawRequest.SendAsync(server.NodeUrl, "POST", path, demo.ServiceKey, body)).ShouldBe(200).Json!["result"]!["probas"]!["1"].ShouldNotBeNull();

        features["pay_lat"] = null;
        var missing = await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", demo.ServiceKey, request.ToJsonString());
        var nan = await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", demo.ServiceKey, body);
        missing.Json!["result"]!.ToJsonString().ShouldBe(nan.Json!["result"]!.ToJsonString(), "NaN is a missing value");
    }

    [Fact]
    public async Task Node_KeyAsPasswordOrBearerOrTicket_Opens()
    {
        var server = await demo.ServeAsync();
        var password = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(":" + demo.ServiceKey));
        foreach (var header in new[] { $"Authorization: Basic {password}", $"Authorization: Bearer {demo.ServiceKey}" })
            (await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", null, demo.Request, header)).ShouldBe(200);
        (await RawRequest.SendAsync(server.Url, "GET", "/dip/publicapi/projects/", null, null, $"X-DKU-APITicket: {server.AdminKey}")).ShouldBe(200);
        (await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", "wrong", demo.Request)).ShouldBe(401).Json!["errorType"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Node_PredictSimple_TakesTheFeaturesFromTheQueryString()
    {
        var server = await demo.ServeAsync();
        var features = JsonNode.Parse(demo.Request)!["features"]!.AsObject();
        var query = string.Join('&', features.Where(one => one.Value is not null).Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value!.ToString())}"));
        var absent = string.Join("", features.Where(one => one.Value is null).Select(one => $"&{one.Key}="));
        var simple = await RawRequest.SendAsync(server.NodeUrl, "GET", $"{Node}/predict-simple?{query}{absent}", demo.ServiceKey);
        var whole = await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", demo.ServiceKey, demo.Request);
        simple.ShouldBe(200).Json!["result"]!.ToJsonString().ShouldBe(whole.ShouldBe(200).Json!["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Deployer_QueriesInALongQueryString_AreRun()
    {
        var server = await demo.ServeAsync();
        var one = JsonNode.Parse(demo.Request)!["features"]!.ToJsonString();
        var queries = "[" + string.Join(',', Enumerable.Repeat($$$"""{"q":{"features":{{{one}}}}}""", 200)) + "]";
        var target = $"/dip/publicapi/api-deployer/deployments/fraud-on-local/actions/run-queries?queries={Uri.EscapeDataString(queries)}&adaptQueryForInfraType=True&endpointId=score";
        target.Length.ShouldBeGreaterThan(60_000);
        (await RawRequest.SendAsync(server.Url, "POST", target, server.AdminKey, "")).ShouldBe(200).Json!["results"]!.AsArray().Count.ShouldBe(200);
    }

    [Fact]
    public async Task Node_TheAdminApi_AnswersBothSlashFormsWithoutRedirect()
    {
        var server = await demo.ServeAsync();
        foreach (var path in new[] { "/admin/api/services", "/admin/api/services/" })
            (await RawRequest.SendAsync(server.NodeUrl, "GET", path, server.AdminKey)).ShouldBe(200).Json!.AsArray()[0]!["serviceId"]!.GetValue<string>().ShouldBe("fraud");
        (await RawRequest.SendAsync(server.NodeUrl, "POST", "/admin/api/services/", server.AdminKey, """{"serviceId":"other"}""")).Status.ShouldBeLessThan(300);
        (await RawRequest.SendAsync(server.NodeUrl, "DELETE", "/admin/api/services/other", server.AdminKey)).Status.ShouldBeLessThan(300);
        foreach (var path in new[] { "/admin/api/services/fraud/generations", "/admin/api/service/fraud/generations" })
            (await RawRequest.SendAsync(server.NodeUrl, "GET", path, server.AdminKey)).ShouldBe(200).Json!["generations"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"features":{"shoe_size":44}}""", 400)]
    [InlineData("""{"features":{"amount":"much"}}""", 400)]
    [InlineData("""{"features":{}}""", 400)]
    [InlineData("""{"features":[1]}""", 400)]
    [InlineData("""{"features":{"amount":1""", 400)]
    [InlineData("nothing", 400)]
    [InlineData("", 400)]
    public async Task Node_BadRecord_IsAnErrorObjectThatNamesIt(string body, int status)
    {
        var server = await demo.ServeAsync();
        var error = (await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", demo.ServiceKey, body)).ShouldBe(status).Json!;
        foreach (var member in new[] { "errorType", "message", "detailedMessage" }) error[member]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Node_BodyOfTenMegabytes_Is413AndTheNodeGoesOn()
    {
        var server = await demo.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.NodeUrl };
        client.DefaultRequestHeaders.Authorization = RunningServer.Basic(demo.ServiceKey);
        var answer = await client.PostAsync($"{Node}/predict", new ByteArrayContent(new byte[11_000_000]));
        ((int)answer.StatusCode).ShouldBe(413);
        (await RawRequest.SendAsync(server.NodeUrl, "POST", $"{Node}/predict", demo.ServiceKey, demo.Request)).ShouldBe(200);
    }

    [Theory]
    [InlineData("/public/api/v1/frod/score/predict")]
    [InlineData("/public/api/v1/fraud/scor/predict")]
    [InlineData("/public/api/v1/fraud/score/predct")]
    public async Task Node_UnknownPart_Is404WithAnErrorObject(string path)
    {
        var server = await demo.ServeAsync();
        (await RawRequest.SendAsync(server.NodeUrl, "POST", path, demo.ServiceKey, demo.Request)).ShouldBe(404).Json!["detailedMessage"]!.GetValue<string>().ShouldNotBeEmpty();
    }
}
