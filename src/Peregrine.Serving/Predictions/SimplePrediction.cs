using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// <c>predict-simple</c>: one record whose features stand in the query string, for browsers. The query becomes the JSON body of <c>predict</c>, each value as
/// text, and then takes the same way. Parameters such as <c>explanations.enabled</c> are members of <c>explanations</c>.
/// </summary>
internal sealed class SimplePrediction(PredictionEngine engine)
{
    private const string Explanations = "explanations.";

    public ApiError? Predict(EndpointRoute route, string? query, in Caller caller, Utf8Output output, ref PredictionReport report) =>
        engine.Predict(route, BodyOf(query), caller with { SendsText = true }, output, ref report);

    /// <summary>The body of <c>predict</c> that says the same as a query string.</summary>
    public static byte[] BodyOf(string? query) => Read(query).Close();

    /// <summary>The member <c>explanations</c> that says the same as the parameters <c>explanations.enabled</c> and so on of a query string.</summary>
    public static byte[] ExplanationsOf(string? query) => Read(query).CloseExplanations();

    private static Utf8Body Read(string? query)
    {
        var body = new Utf8Body();
        foreach (var pair in (query ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            body.Add(name, equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }

        return body;
    }

    /// <summary>As forms encode: plus is a blank, %XX a byte of UTF-8.</summary>
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>Objects written member by member, so that a feature named twice stays twice and is refused.</summary>
    private sealed class Utf8Body
    {
        private readonly StringBuilder _features = new();
        private readonly StringBuilder _explanations = new();

        public void Add(string name, string value)
        {
            if (name.StartsWith(Explanations, StringComparison.Ordinal)) Append(_explanations, name[Explanations.Length..], Plain(value) ?? Quoted(value));
            else Append(_features, name, Quoted(value));
        }

        public byte[] CloseExplanations() => Encoding.UTF8.GetBytes($"{{{_explanations}}}");

        public byte[] Close() => Encoding.UTF8.GetBytes($"{{\"explanations\":{{{_explanations}}},\"features\":{{{_features}}}}}");

        /// <summary>As JSON when it is a word or a whole number there; empty is null.</summary>
        private static string? Plain(string value) => value.ToUpperInvariant() switch
        {
            "TRUE" => "true",
            "FALSE" => "false",
            "" => "null",
            _ => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : null,
        };

        private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

        private static void Append(StringBuilder json, string name, string value)
        {
            if (json.Length > 0) json.Append(',');
            json.Append('"').Append(JsonEncodedText.Encode(name)).Append("\":").Append(value);
        }
    }
}
