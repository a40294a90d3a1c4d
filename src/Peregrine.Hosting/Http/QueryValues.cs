using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Http;

/// <summary>Query values as clients send them: <c>True</c> and <c>False</c> in any case, an empty value as good as none.</summary>
public static class QueryValues
{
    public static string? Text(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out var values) && values.Count > 0 && values[^1] is { Length: > 0 } value ? value : null;

    public static string RequiredText(HttpRequest request, string name) =>
        Text(request, name) ?? throw Refuse(name, "is missing from the query");

    public static bool Boolean(HttpRequest request, string name, bool fallback = false) => Text(request, name) switch
    {
        null => fallback,
        { } value when value.Equals("true", StringComparison.OrdinalIgnoreCase) || value == "1" => true,
        { } value when value.Equals("false", StringComparison.OrdinalIgnoreCase) || value == "0" => false,
        { } value => throw Refuse(name, $"is '{value}', but must be true or false"),
    };

    public static int Integer(HttpRequest request, string name, int fallback, int minimum, int maximum)
    {
        if (Text(request, name) is not { } value) return fallback;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum)
            return number;
        throw Refuse(name, $"is '{value}', but must be a whole number from {minimum} to {maximum}");
    }

    /// <summary>JSON text in the query, for instance a list of test queries; null when absent.</summary>
    public static JsonNode? Json(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } value) return null;
        try
        {
            return JsonNode.Parse(NonFiniteNumbers.ToNull(Encoding.UTF8.GetBytes(value)).Span);
        }
        catch (JsonException malformed)
        {
            throw Refuse(name, $"is not JSON: {malformed.Message}");
        }
    }

    private static ApiErrorException Refuse(string name, string reason) =>
        ApiError.BadRequest($"Query parameter '{name}' {reason}.", errorType: "BadQueryParameter").AsException();
}
