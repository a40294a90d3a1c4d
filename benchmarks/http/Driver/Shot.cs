using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Benchmarks.Driver;

/// <summary>One request, asked over and over.</summary>
/// <param name="Records">How many records it holds.</param>
/// <param name="Http2">Whether it is asked over HTTP/2 without TLS.</param>
internal sealed record Shot(string Path, byte[] Body, int Records = 1, string ContentType = "application/json", bool Http2 = false)
{
    private const string Endpoint = "/public/api/v1/fraud/score/";

    /// <summary>Headers beside the key and the content type.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static Shot Predict(DemoData demo) => new(Endpoint + "predict", Encoding.UTF8.GetBytes(demo.Body));

    /// <summary>All features explained.</summary>
    public static Shot Explain(DemoData demo)
    {
        var body = JsonNode.Parse(demo.Body)!.AsObject();
        body["explanations"] = new JsonObject { ["enabled"] = true, ["nExplanations"] = 1000 };
        return new Shot(Endpoint + "predict", Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    /// <summary>Many payments in one request, each with another amount, merchant and time.</summary>
    public static Shot Multi(DemoData demo, int records)
    {
        var items = new JsonArray();
        for (var i = 0; i < records; i++) items.Add(new JsonObject { ["features"] = demo.PaymentAt(i).DeepClone() });
        return new Shot(Endpoint + "predict-multi", Encoding.UTF8.GetBytes(new JsonObject { ["items"] = items }.ToJsonString()), records);
    }
}
