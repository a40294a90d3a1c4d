using System.Net;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests;

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? ErrorType => (string?)Json["errorType"];

    public string Detail => (string?)Json["detailedMessage"] ?? "";

    public string? Generation => (string?)Json["apiContext"]?["serviceGeneration"];

    /// <summary>The result object as it stands in the text.</summary>
    public string Result => Between("\"result\":", ",\"timing\"");

    public Answer ShouldSucceed()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return this;
    }

    public Answer ShouldFail(HttpStatusCode status, string errorType)
    {
        Status.ShouldBe(status, Text);
        ErrorType.ShouldBe(errorType, Text);
        return this;
    }

    private string Between(string from, string to)
    {
        var start = Text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return Text[start..Text.IndexOf(to, StringComparison.Ordinal)];
    }
}
