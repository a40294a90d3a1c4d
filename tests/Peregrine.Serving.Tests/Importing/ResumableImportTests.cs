using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Importing;

public sealed class ResumableImportTests
{
    private static readonly byte[] s_package = new TestPackage().Write();
    private static readonly string s_digest = TestPackage.DigestOf(s_package);
    private static readonly string s_path = $"services/fraud/packages/{s_digest}";

    [Fact]
    public async Task Upload_InThreePieces_Imports()
    {
        await using var node = await StartAsync();
        (await node.TryAdminAsync(HttpMethod.Get, s_path)).ShouldFail(HttpStatusCode.NotFound, "PackageNotFound");
        ((long?)(await SendAsync(node, 0, 100)).ShouldSucceed().Json["bytes"]).ShouldBe(100);
        ((long?)(await SendAsync(node, 100, 1000)).ShouldSucceed().Json["bytes"]).ShouldBe(1000);
        var found = await node.AdminAsync(HttpMethod.Get, s_path);
        found!.ToJsonString().ShouldBe($$"""{"digest":"{{s_digest}}","place":"PARTIAL","bytes":1000}""");
        (await node.AdminAsync(HttpMethod.Get, "services/fraud"))!["generations"]!.AsArray().ShouldBeEmpty();

        (await SendAsync(node, 1000, s_package.Length, complete: true)).ShouldSucceed().Text.ShouldBe($$"""{"ok":true,"generation":"v1","digest":"{{s_digest}}"}""");

        ((string?)(await node.AdminAsync(HttpMethod.Get, s_path))!["place"]).ShouldBe("GENERATION");
        await node.SwitchAsync("v1");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        Directory.GetFiles(Path.Combine(node.Folder, "services/fraud/incoming")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_TellsOffsetAndCompletenessInHeaders()
    {
        await using var node = await StartAsync();
        (await HeadAsync(node)).ShouldBe((HttpStatusCode.NotFound, "0", "?0"));
        await SendAsync(node, 0, 321);
        (await HeadAsync(node)).ShouldBe((HttpStatusCode.OK, "321", "?0"));
        await SendAsync(node, 321, s_package.Length, complete: true);
        (await HeadAsync(node)).ShouldBe((HttpStatusCode.OK, s_package.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), "?1"));
    }

    [Fact]
    public async Task BrokenConnection_KeepsWhatArrived_AlsoOverARestart()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-node-").FullName;
        long arrived;
        await using (var node = await new ApiNodeBuilder().On(folder).StartAsync())
        {
            await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"fraud"}""");
            await SendHalfAndHangUpAsync(node);
            await Eventually.TrueAsync(async () => (await node.TryAdminAsync(HttpMethod.Get, s_path)).Status == HttpStatusCode.OK && ((await BytesAsync(node)) == 700));
            arrived = await BytesAsync(node);
        }

        await using (var again = await new ApiNodeBuilder().On(folder).StartAsync())
        {
            (await BytesAsync(again)).ShouldBe(arrived);
            (await SendAsync(again, (int)arrived, s_package.Length, complete: true)).ShouldSucceed();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Upload_AtAnotherOffset_IsRefusedAndChangesNothing()
    {
        await using var node = await StartAsync();
        await SendAsync(node, 0, 100);
        (await SendAsync(node, 50, 200)).ShouldFail(HttpStatusCode.Conflict, "WrongOffset").Detail.ShouldContain("100 bytes are there");
        (await SendAsync(node, 200, 300)).ShouldFail(HttpStatusCode.Conflict, "WrongOffset");
        (await BytesAsync(node)).ShouldBe(100);
    }

    [Fact]
    public async Task Upload_OfOtherBytes_IsRefusedAndForgotten()
    {
        await using var node = await StartAsync();
        var altered = s_package.ToArray();
        altered[500] ^= 1;
        (await SendAsync(node, 0, altered.Length, complete: true, altered)).ShouldFail(HttpStatusCode.BadRequest, "DigestMismatch");
        (await node.TryAdminAsync(HttpMethod.Get, s_path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_LargerThanTheLimit_Is413()
    {
        await using var node = await StartAsync(options => options.MaxPackageBytes = 1024);
        (await SendAsync(node, 0, 1000)).ShouldSucceed();
        (await SendAsync(node, 1000, 1100)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Import_OfAPackageThatAnotherServiceHas_SendsNothing()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"other"}""");
        var path = $"services/other/packages/{s_digest}";
        ((string?)(await node.AdminAsync(HttpMethod.Get, path))!["place"]).ShouldBe("NODE");
        ((string?)(await node.AdminAsync(HttpMethod.Post, $"{path}/import"))!["generation"]).ShouldBe("v1");
        await node.SwitchAsync("v1", "other");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures, "other/score/predict")).ShouldSucceed();
        (await node.TryAdminAsync(HttpMethod.Post, $"services/other/packages/{new string('0', 64)}/import")).ShouldFail(HttpStatusCode.NotFound, "PackageNotFound");
    }

    [Fact]
    public async Task Import_OfAPackageWhoseGoldenRecordsDiffer_IsRefusedBeforeItIsListed()
    {
        await using var node = await StartAsync();
        var lying = LyingPackage();
        var answer = await SendAsync(node, 0, lying.Length, complete: true, lying);
        answer.ShouldFail(HttpStatusCode.UnprocessableEntity, "GoldenMismatch").Detail.ShouldContain("golden");
        (await node.UploadAsync("fraud", lying)).ShouldFail(HttpStatusCode.UnprocessableEntity, "GoldenMismatch");
        (await node.AdminAsync(HttpMethod.Get, "services/fraud"))!["generations"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Partial_Uploads_AreBounded()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 12; i++)
        {
            var path = $"services/fraud/packages/{TestPackage.DigestOf([(byte)i])}";
            (await SendToAsync(node, path, [1, 2, 3], 0, complete: false)).ShouldSucceed();
        }

        Directory.GetFiles(Path.Combine(node.Folder, "services/fraud/incoming")).Length.ShouldBe(8);
        (await node.TryAdminAsync(HttpMethod.Get, "services/fraud/packages/zz")).ShouldFail(HttpStatusCode.BadRequest, "BadDigest");
    }

    /// <summary>Sealed and well-formed, but its golden record expects another answer than its model gives.</summary>
    private static byte[] LyingPackage() => PackageForge.WithGolden(new TestPackage { Version = "v9" }, golden => golden.Replace("\"ignored\":false", "\"ignored\":true", StringComparison.Ordinal));

    private static async Task<TestNode> StartAsync(Action<ServingOptions>? configure = null)
    {
        var node = await new ApiNodeBuilder().With(configure ?? (_ => { })).StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"fraud"}""");
        return node;
    }

    private static Task<Answer> SendAsync(TestNode node, int from, int to, bool complete = false, byte[]? package = null)
    {
        package ??= s_package;
        return SendToAsync(node, $"services/fraud/packages/{(ReferenceEquals(package, s_package) || package.Length == s_package.Length ? s_digest : TestPackage.DigestOf(package))}", package[from..to], from, complete);
    }

    private static Task<Answer> SendToAsync(TestNode node, string path, byte[] bytes, int offset, bool complete)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.Add("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        content.Headers.Add("Upload-Complete", complete ? "?1" : "?0");
        return node.SendAsync(HttpMethod.Patch, $"admin/api/{path}", content, TestNode.Basic(ApiNodeBuilder.AdminKey));
    }

    private static async Task<long> BytesAsync(TestNode node) => (long)(await node.AdminAsync(HttpMethod.Get, s_path))!["bytes"]!;

    private static async Task<(HttpStatusCode, string?, string?)> HeadAsync(TestNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(node.Address, $"admin/api/{s_path}"));
        request.Headers.Authorization = TestNode.Basic(ApiNodeBuilder.AdminKey);
        using var response = await node.Http.SendAsync(request);
        return (response.StatusCode, response.Headers.GetValues("Upload-Offset").Single(), response.Headers.GetValues("Upload-Complete").Single());
    }

    private static async Task SendHalfAndHangUpAsync(TestNode node)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(node.Address.Host, node.Address.Port);
        var head = $"PATCH /admin/api/{s_path} HTTP/1.1\r\nHost: x\r\nAuthorization: {TestNode.Basic(ApiNodeBuilder.AdminKey)}\r\nUpload-Offset: 0\r\nUpload-Complete: ?1\r\nContent-Length: {s_package.Length}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        await socket.SendAsync(s_package.AsMemory(0, 700));
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(node.Folder, $"services/fraud/incoming/{s_digest}.part")));
        socket.Shutdown(SocketShutdown.Both);
    }
}
