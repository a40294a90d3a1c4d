using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Tests.Errors;

public sealed class ErrorObjectsTests
{
    private static readonly string[] Members = ["errorType", "message", "detailedMessage", "title", "status", "detail"];

    [Fact]
    public async Task UnknownRoute_Answers404AsAnObject()
    {
        await using var node = await TestNode.StartAsync();

        using var answer = await node.Http.GetAsync("/no/such/thing", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var error = await ReadAsync(answer);
        error.EnumerateObject().Select(member => member.Name).ShouldBe(Members);
        error.GetProperty("message").GetString()!.ShouldContain("/no/such/thing");
        error.GetProperty("status").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task WrongMethod_Answers405AsAnObjectThatNamesTheRightOne()
    {
        await using var node = await TestNode.StartAsync(app => app.MapGet("/here", () => "x"));

        using var answer = await node.Http.PostAsync("/here", null, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await ReadAsync(answer)).GetProperty("detailedMessage").GetString()!.ShouldContain("GET");
    }

    [Fact]
    public async Task WrongContentType_OfABoundBody_Answers415AsAnObject()
    {
        await using var node = await TestNode.StartAsync(app => app.MapPost("/typed", (Dictionary<string, string> body) => body.Count));

        using var answer = await node.Http.PostAsync("/typed", new StringContent("{}"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await ReadAsync(answer)).GetProperty("errorType").GetString().ShouldBe("UnsupportedMediaType");
    }

    [Fact]
    public async Task ExpectedFailure_ThrownByAService_KeepsItsTextStatusAndPlaces()
    {
        var thrown = ApiError.Unprocessable("Two endpoints share an id.", "Two endpoints share an id. Rename one.",
            [new ApiErrorItem("/endpoints/1/id", "duplicate", "'score' is taken")]);
        await using var node = await TestNode.StartAsync(app => app.MapGet("/", string () => throw thrown.AsException()));

        using var answer = await node.Http.GetAsync("/", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var error = await ReadAsync(answer);
        error.GetProperty("message").GetString().ShouldBe("Two endpoints share an id.");
        error.GetProperty("detail").GetString().ShouldBe("Two endpoints share an id. Rename one.");
        error.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/endpoints/1/id");
    }

    [Fact]
    public async Task Fault_Answers500WithAnIdThatIsInTheLog_AndTellsNothingElse()
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/", string () => throw new InvalidOperationException("connection string: secret")));

        using var answer = await node.Http.GetAsync("/", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        body.ShouldNotContain("secret");
        body.ShouldNotContain("InvalidOperation");
        var told = JsonDocument.Parse(body).RootElement.GetProperty("detailedMessage").GetString()!;
        var faultId = told.TrimEnd('.').Split(' ')[^1];
        node.Logs.Lines.ShouldContain(line => line.Contains($"Fault {faultId}") && line.Contains("connection string: secret"));
    }

    [Fact]
    public async Task BadRouteValue_Answers400AsAnObject()
    {
        await using var node = await TestNode.StartAsync(app => app.MapGet("/rows", (int limit) => limit));

        using var answer = await node.Http.GetAsync("/rows?limit=many", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ReadAsync(answer)).GetProperty("message").GetString()!.ShouldContain("limit");
    }

    [Fact]
    public async Task ErrorWithItsOwnBody_IsLeftAlone()
    {
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/", () => TypedResults.Text("gone", statusCode: StatusCodes.Status404NotFound)));

        using var answer = await node.Http.GetAsync("/", TestContext.Current.CancellationToken);

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("gone");
    }

    [Fact]
    public async Task Head_OfAnUnknownRoute_HasNoBody()
    {
        await using var node = await TestNode.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Head, "/nothing");
        using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    internal static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }
}
