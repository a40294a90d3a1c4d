using System.Text;
using System.Text.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// <c>predict-simple</c>: one record whose features stand in the query string, for browsers. The query becomes the JSON body of <c>predict</c>, each value as
/// text, and then takes the same way.
/// </summary>
internal sealed class SimplePrediction(PredictionEngine engine)
{
    public ApiError? Predict(EndpointRoute route, string? query, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        var body = new Utf8Body();
        foreach (var pair in (query ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            body.Add(name, equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }

        return engine.Predict(route, body.Close(), caller, output, ref report);
    }

    /// <summary>As forms encode: plus is a blank, %XX a byte of UTF-8.</summary>
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>An object of features written member by member, so that one named twice stays twice and is refused.</summary>
    private sealed class Utf8Body
    {
        private readonly StringBuilder _json = new("{\"features\":{");
        private bool _any;

        public void Add(string name, string value)
        {
            if (_any) _json.Append(',');
            _any = true;
            _json.Append('"').Append(JsonEncodedText.Encode(name)).Append("\":\"").Append(JsonEncodedText.Encode(value)).Append('"');
        }

        public byte[] Close() => Encoding.UTF8.GetBytes(_json.Append("}}").ToString());
    }
}
