using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Http;

namespace Peregrine.Hosting.Tests.Http;

public sealed class UploadReaderTests : IDisposable
{
    private const string Boundary = "0123456789abcdef0123456789abcdef";
    private const string Sha256OfHello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("file", "file")]
    [InlineData("data.csv", "data.csv")]
    [InlineData("/home/me/tmpabc/data.csv", "data.csv")]
    [InlineData("C:\\\\Users\\\\me\\\\data.csv", "data.csv")]
    public async Task Multipart_WithOnePartFile_IsSavedUnderItsBaseName(string sent, string expected)
    {
        await using var node = await StartAsync();
        var body = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{sent}\"\r\n\r\nhello\r\n--{Boundary}--\r\n";

        var answer = await SendAsync(node, $"multipart/form-data; boundary={Boundary}", body);

        answer.ShouldContain($"{expected} 5 {Sha256OfHello}");
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty(); // the handler disposed it
    }

    [Fact]
    public async Task Multipart_OfTheClosingLineAlone_HoldsNoFile()
    {
        await using var node = await StartAsync();
        var body = $"--{Boundary}--\r\n";
        body.Length.ShouldBe(38);

        var answer = await SendAsync(node, $"multipart/form-data; boundary={Boundary}", body);

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldEndWith("none");
    }

    [Fact]
    public async Task Multipart_OfNothingAtAll_HoldsNoFile()
    {
        await using var node = await StartAsync();

        (await SendAsync(node, $"multipart/form-data; boundary={Boundary}", "")).ShouldEndWith("none");
    }

    [Fact]
    public async Task Multipart_WithOtherParts_TakesThePartFile()
    {
        await using var node = await StartAsync();
        var body = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nignored\r\n"
                   + $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--{Boundary}--\r\n";

        (await SendAsync(node, $"multipart/form-data; boundary=\"{Boundary}\"", body)).ShouldContain("a 5 " + Sha256OfHello);
    }

    [Theory]
    [InlineData("multipart/form-data", "x", "boundary")]
    [InlineData("multipart/form-data; boundary=" + Boundary, "--" + Boundary + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhel", "cut short")]
    [InlineData("multipart/form-data; boundary=" + Boundary, "no multipart at all", "cut short")]
    public async Task Multipart_ThatIsMalformed_Answers400AndLeavesNothingBehind(string contentType, string body, string told)
    {
        await using var node = await StartAsync();

        var answer = await SendAsync(node, contentType, body);

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain(told);
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/zip")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task RawBody_OfAnyContentType_IsSaved(string? contentType)
    {
        await using var node = await StartAsync();

        (await SendAsync(node, contentType, "hello")).ShouldContain("file 5 " + Sha256OfHello);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_AboveTheLimit_Answers413AndLeavesNothingBehind(bool multipart)
    {
        await using var node = await StartAsync(limit: 4);
        var body = multipart
            ? $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhello\r\n--{Boundary}--\r\n"
            : "hello";

        var answer = await SendAsync(node, multipart ? $"multipart/form-data; boundary={Boundary}" : null, body);

        answer.ShouldStartWith("HTTP/1.1 413");
        answer.ShouldContain("4 bytes");
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_LargerThanTheServerLimit_IsTakenWhereTheCallAllowsIt()
    {
        await using var node = await StartAsync(options: options => options.MaxRequestBodyBytes = 1000);

        using var answer = await node.Http.PostAsync(
            "/upload", new ByteArrayContent(new byte[3_000_000]), TestContext.Current.CancellationToken);

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("3000000");
    }

    [Fact]
    public async Task RequiredUpload_ThatIsMissing_Answers400AndSaysHow()
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost(
            "/upload", async (HttpRequest request, CancellationToken token) =>
            {
                await using var upload = await UploadReader.ReadRequiredAsync(request, _folder.Path, 100, token);
            }));

        var answer = await SendAsync(node, null, "");

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("multipart/form-data");
    }

    public void Dispose() => _folder.Dispose();

    private Task<TestNode> StartAsync(long limit = 10_000_000, Action<NodeOptions>? options = null) => TestNode.StartAsync(
        app => app.MapPost("/upload", async (HttpRequest request, CancellationToken token) =>
        {
            await using var upload = await UploadReader.ReadAsync(request, _folder.Path, limit, token);
            if (upload is null) return "none";
            new FileInfo(upload.Path).Length.ShouldBe(upload.Length);
            return $"{upload.FileName} {upload.Length} {upload.Digest}";
        }), options: options);

    private static Task<string> SendAsync(TestNode node, string? contentType, string body)
    {
        var type = contentType is null ? "" : $"Content-Type: {contentType}\r\n";
        return node.ExchangeAsync(
            $"POST /upload HTTP/1.1\r\nHost: node\r\nConnection: close\r\n{type}Content-Length: {body.Length}\r\n\r\n", Encoding.ASCII.GetBytes(body));
    }
}
