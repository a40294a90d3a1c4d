using System.Net;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Access;

public sealed class AdminRoleTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    /// <summary>The table of docs/api-node/access.md.</summary>
    [Theory]
    [InlineData("GET", "services", "reader")]
    [InlineData("GET", "services/fraud", "reader")]
    [InlineData("GET", "services/fraud/generations", "reader")]
    [InlineData("GET", "services/fraud/keys", "reader")]
    [InlineData("GET", "metrics", "reader")]
    [InlineData("GET", "audit", "operator")]
    [InlineData("GET", "logs", "operator")]
    [InlineData("POST", "services/fraud/actions/enable", "operator")]
    [InlineData("POST", "services/fraud/actions/disable", "operator")]
    [InlineData("POST", "services/fraud/actions/setMapping", "operator")]
    [InlineData("POST", "services/fraud/actions/switchToNewest", "operator")]
    [InlineData("POST", "services/fraud/actions/switchTo/v1", "operator")]
    [InlineData("POST", "services/fraud/generations/v1/preload", "operator")]
    [InlineData("POST", "services/fraud/keys", "operator")]
    [InlineData("POST", "services/fraud/keys/x/actions/rotate", "operator")]
    [InlineData("DELETE", "services/fraud/keys/x", "operator")]
    [InlineData("POST", "services", "deployer")]
    [InlineData("DELETE", "services/fraud", "deployer")]
    [InlineData("POST", "services/fraud/generations", "deployer")]
    [InlineData("POST", "services/fraud/generations/actions/importFromArchive", "deployer")]
    [InlineData("DELETE", "services/fraud/generations/v1", "deployer")]
    [InlineData("DELETE", "services-clean-unused", "deployer")]
    [InlineData("GET", "keys", "deployer")]
    [InlineData("POST", "keys", "deployer")]
    [InlineData("DELETE", "keys/x/key", "deployer")]
    public async Task Call_OpensToItsRoleAndThoseAbove(string method, string path, string needed)
    {
        string[] roles = ["reader", "operator", "deployer"];
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        foreach (var role in roles)
        {
            var key = await KeyAsync(node, role);
            var answer = await node.SendAsync(new HttpMethod(method), $"admin/api/{path}", null, TestNode.Basic(key));
            if (Array.IndexOf(roles, role) < Array.IndexOf(roles, needed)) answer.ShouldFail(HttpStatusCode.Forbidden, "RoleNeeded").Detail.ShouldContain($"of role {needed}");
            else answer.Status.ShouldNotBe(HttpStatusCode.Forbidden, $"{role}: {answer.Text}");
        }
    }

    [Fact]
    public async Task UserApi_OpensToAdminKeysThatMayTest()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        (await node.PredictAsync(Body, key: await KeyAsync(node, "reader"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.PredictAsync(Body, key: await KeyAsync(node, "operator"))).ShouldSucceed();
        (await node.PredictAsync(Body, key: await KeyAsync(node, "deployer"))).ShouldSucceed();
    }

    [Fact]
    public async Task Key_WithoutRole_MayDoEverything_AlsoOneStoredBeforeThereWereRoles()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-roles-").FullName;
        try
        {
            string key;
            await using (var node = await new ApiNodeBuilder().On(directory).StartAsync())
            {
                key = (string)(await node.AdminAsync(HttpMethod.Post, "keys", """{"label":"old"}"""))!["key"]!;
                (await node.TryAdminAsync(HttpMethod.Post, "keys", """{"role":"king"}""")).ShouldFail(HttpStatusCode.BadRequest, "BadRequest");
            }

            var path = Path.Combine(directory, "keys.json");
            var file = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
            foreach (var stored in file["keys"]!.AsArray()) stored!.AsObject().Remove("role").ShouldBeTrue();
            await File.WriteAllTextAsync(path, file.ToJsonString());
            await using var again = await new ApiNodeBuilder().On(directory).StartAsync();
            (await again.SendAsync(HttpMethod.Get, "admin/api/keys", null, TestNode.Basic(key))).ShouldSucceed().Text.ShouldContain("\"role\":\"deployer\"");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> KeyAsync(TestNode node, string role) =>
        (string)(await node.AdminAsync(HttpMethod.Post, "keys", $$"""{"label":"{{role}}","role":"{{role}}"}"""))!["key"]!;
}
