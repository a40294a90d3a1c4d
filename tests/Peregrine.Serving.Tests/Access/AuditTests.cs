using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Access;
using Peregrine.Serving.Access.Audit;

namespace Peregrine.Serving.Tests.Access;

public sealed class AuditTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    [Fact]
    public async Task Actions_AreWrittenWithWhoWhatFromAndOutcome_AndNoSecret()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var key = (await node.AdminAsync(HttpMethod.Post, "keys", """{"label":"ops","role":"operator"}"""))!;
        var secret = (string)key["key"]!;
        await node.SendAsync(HttpMethod.Post, "admin/api/services/fraud/actions/disable", null, TestNode.Basic(secret));
        await node.SendAsync(HttpMethod.Delete, "admin/api/services/fraud", null, TestNode.Basic(secret));
        await node.TryAdminAsync(HttpMethod.Delete, $"keys/{secret}");
        await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/switchTo/nosuch");

        var lines = await TailAsync(node, line => (string?)line["on"]?["generation"] == "nosuch");
        var disable = lines.Single(line => (string?)line["what"] == "POST /admin/api/services/{service}/actions/disable");
        ((string?)disable["who"]).ShouldBe((string?)key["id"]);
        ((string?)disable["role"], (string?)disable["kind"], (string?)disable["from"], (int?)disable["status"], (string?)disable["on"]!["service"])
            .ShouldBe(("operator", "action", "127.0.0.1", 200, "fraud"));
        disable["time"]!.GetValue<DateTimeOffset>().ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        var refused = lines.Single(line => (string?)line["what"] == "DELETE /admin/api/services/{service}");
        ((string?)refused["kind"], (string?)refused["reason"], (int?)refused["status"]).ShouldBe(("refusal", "role", 403));
        var failed = lines.Single(line => (string?)line["what"] == "POST /admin/api/services/{service}/actions/switchTo/{generation}" && (int?)line["status"] != 200);
        ((string?)failed["who"], (int?)failed["status"]).ShouldBe((AdminKeyStore.PresetId, 404));
        lines.ShouldContain(line => (string?)line["what"] == "DELETE /admin/api/keys/{key}");
        lines.ShouldContain(line => (string?)line["what"] == "POST /admin/api/keys" && (string?)line["on"]!["made"] == (string?)key["id"]);
        lines.ShouldContain(line => (string?)line["what"] == "POST /admin/api/services" && (string?)line["on"]!["service"] == "fraud");
        TextOf(node).ShouldNotContain(secret);
        TextOf(node).ShouldNotContain(ApiNodeBuilder.AdminKey);
    }

    [Fact]
    public async Task Refusals_OfTheUserApi_AreWrittenUpToARate_AndTheRestIsCounted()
    {
        await using var node = await new ApiNodeBuilder().WithServices(services => services.Configure<AccessOptions>(access =>
        {
            access.AuditRefusalsPerSecond = 5;
            access.FailedAttempts = 0;
        })).WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var sent = 0;
        var lines = await TailAsync(node, line => line["suppressed"] is not null, async () =>
        {
            for (var i = 0; i < 20; i++, sent++) (await node.PredictAsync(Body, key: "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        });
        var refusals = lines.Where(line => (string?)line["reason"] == "service_key_unknown").ToList();
        ((string?)refusals[0]["on"]!["service"], (int?)refusals[0]["status"], (string?)refusals[0]["from"]).ShouldBe(("fraud", 401, "127.0.0.1"));
        refusals.Count.ShouldBeLessThan(sent);
        TextOf(node).ShouldNotContain("wrong");
    }

    [Fact]
    public async Task Log_SurvivesARestart_AndALineThatACrashCut()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-audit-").FullName;
        try
        {
            await using (await new ApiNodeBuilder().On(directory).WithService().StartAsync()) { }
            var file = Directory.GetFiles(Path.Combine(directory, "audit")).ShouldHaveSingleItem();
            var before = File.ReadAllLines(file).Length;
            before.ShouldBe(3); // made, imported, switched: nothing lost by a clean stop
            await File.AppendAllTextAsync(file, "{\"time\":\"2026");
            await using var node = await new ApiNodeBuilder().On(directory).StartAsync();
            await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/disable");
            var lines = await TailAsync(node, line => ((string)line["what"]!).EndsWith("disable", StringComparison.Ordinal));
            lines.Count.ShouldBe(before + 1);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Files_AreRotatedBySize_AndTheOldestGoAtTheCap()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-audit-").FullName;
        try
        {
            var files = new AuditFiles(
                Options.Create(new ServingOptions { DataDirectory = directory }), Options.Create(new AccessOptions { AuditFileBytes = 4096, AuditTotalBytes = 16_384 }), TimeProvider.System);
            var line = Encoding.UTF8.GetBytes($"{{\"pad\":\"{new string('x', 980)}\"}}\n");
            for (var i = 0; i < 100; i++) await files.AppendAsync(line, TestContext.Current.CancellationToken);
            var written = new DirectoryInfo(Path.Combine(directory, "audit")).GetFiles();
            written.Sum(file => file.Length).ShouldBeInRange(8_192, 16_384);
            written.ShouldAllBe(file => file.Length <= 4096);
            files.Tail(6).Count.ShouldBe(6);
            files.Tail(6).ShouldAllBe(read => read.Length == line.Length - 1);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The end of the log once a line is in it, asked for over HTTP.</summary>
    private static async Task<IReadOnlyList<JsonNode>> TailAsync(TestNode node, Func<JsonNode, bool> has, Func<Task>? again = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (again is not null) await again();
            var lines = (await node.AdminAsync(HttpMethod.Get, "audit?lines=1000"))!.AsArray().Select(line => line!).ToList();
            if (lines.Exists(line => has(line))) return lines;
            await Task.Delay(10, deadline.Token);
        }
    }

    private static string TextOf(TestNode node) => string.Concat(Directory.GetFiles(Path.Combine(node.Folder, "audit")).Select(path =>
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }));
}
