using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Tests.Transport;

public class PredictionServerTests
{
    [Fact]
    public async Task Stands_in_front_of_Kestrel()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();

        node.Services.GetRequiredService<IServer>().ShouldBeOfType<PredictionServer>();
    }

    [Fact]
    public async Task One_connection_carries_predictions_and_everything_else_in_any_order()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = node.Address };
        for (var round = 0; round < 3; round++)
        {
            (await SendAsync(http, HttpMethod.Post, "public/api/v1/fraud/score/predict", """{"features":{"amount":12.5,"country":"GB","online":true,"at":null}}""")).ShouldBe(HttpStatusCode.OK);
            (await SendAsync(http, HttpMethod.Get, "livez")).ShouldBe(HttpStatusCode.OK);
            (await SendAsync(http, HttpMethod.Post, "public/api/v1/fraud/score/predict", """{"features":""")).ShouldBe(HttpStatusCode.BadRequest);
            (await SendAsync(http, HttpMethod.Get, "admin/api/services")).ShouldBe(HttpStatusCode.Unauthorized);
            (await SendAsync(http, HttpMethod.Get, "public/api/v1/fraud/openapi.json")).ShouldBe(HttpStatusCode.OK);
            (await SendAsync(http, HttpMethod.Get, "nowhere")).ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_body_of_megabytes_that_arrives_in_pieces_is_answered_whole()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var items = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$$"""{"features":{"amount":{{{i}}},"country":"GB","online":null,"at":null}}"""));

        var answer = await node.PredictAsync($$"""{"items":[{{items}}]}""", "fraud/score/predict-multi");

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text[..Math.Min(answer.Text.Length, 300)]);
        JsonNode.Parse(answer.Text)!["results"]!.AsArray().Count.ShouldBe(20_000);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8) };
        using var answer = await http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode;
    }
}
