using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Tests.Limits;

public sealed class RefusalAnswerTests
{
    [Theory]
    [InlineData("/v2/models/fraud.score/infer", true)]
    [InlineData("/public/api/v1/fraud/score/predict", false)]
    public async Task Refusal_HasTheMemberErrorOfOpenInferenceOnItsPathsOnly(string path, bool expected)
    {
        foreach (var error in new[] { LimitFaults.QueueFull, ApiError.ServiceUnavailable("Another one.") })
        {
            var context = new DefaultHttpContext();
            context.Request.Path = path;
            using var body = new MemoryStream();
            context.Response.Body = body;
            await RefusalAnswer.WriteAsync(context, error);
            await context.Response.BodyWriter.FlushAsync();
            var document = JsonNode.Parse(body.ToArray())!;
            ((string?)document["error"]).ShouldBe(expected ? error.DetailedMessage : null);
            ((int)document["status"]!).ShouldBe(503);
        }
    }
}
