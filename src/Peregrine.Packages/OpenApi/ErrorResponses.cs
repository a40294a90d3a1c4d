using System.Text.Json.Nodes;

namespace Peregrine.Packages.OpenApi;

/// <summary>Every status that a call of an endpoint may answer, and what each means.</summary>
internal static class ErrorResponses
{
    private static readonly (int Status, string Meaning)[] s_errors =
    [
        (400, "The request is malformed, or a record is not one of this endpoint; 'errors' points at each place."),
        (401, "No API key, or one that is not known."),
        (403, "The key may not use this endpoint."),
        (404, "There is no such service, endpoint or generation."),
        (405, "The path takes another method; see Allow."),
        (413, "The body has too many bytes or too many records."),
        (414, "Path and query are too long."),
        (415, "The body is of a media type that is not taken."),
        (429, "Too many requests; see Retry-After."),
        (500, "The node failed; its log says more."),
        (503, "The service is not serving now, or the node is full; see Retry-After."),
        (504, "The request's deadline passed."),
    ];

    /// <summary>The responses of a call: 200 and all errors.</summary>
    public static JsonObject With(JsonObject answer)
    {
        var responses = new JsonObject { ["200"] = Response("The answer.", "application/json", answer) };
        foreach (var (status, meaning) in s_errors)
        {
            var schema = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    new JsonObject { ["$ref"] = "#/components/schemas/Error" },
                    new JsonObject { ["properties"] = new JsonObject { ["status"] = new JsonObject { ["const"] = status } } }),
            };
            var response = Response(meaning, "application/problem+json", schema);
            if (status is 429 or 503) response["headers"] = new JsonObject { ["Retry-After"] = Header("integer", "Seconds to wait.") };
            if (status is 405) response["headers"] = new JsonObject { ["Allow"] = Header("string", "The methods that the path takes.") };
            responses[$"{status}"] = response;
        }

        return responses;
    }

    /// <summary>The error document.</summary>
    public static JsonObject Schema()
    {
        string[] texts = ["errorType", "message", "detailedMessage", "title", "detail"];
        var properties = new JsonObject(texts.Select(member => KeyValuePair.Create(member, (JsonNode?)new JsonObject { ["type"] = "string" })))
        {
            ["status"] = new JsonObject { ["type"] = "integer", ["minimum"] = 400, ["maximum"] = 599 },
            ["errors"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Item() },
        };
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. texts.Append("status").Select(member => (JsonNode)member)]),
            ["properties"] = properties,
        };
    }

    private static JsonObject Item()
    {
        string[] members = ["pointer", "code", "message"];
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. members.Select(member => (JsonNode)member)]),
            ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member, (JsonNode?)new JsonObject { ["type"] = "string" }))),
        };
    }

    private static JsonObject Header(string type, string description) => new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonObject Response(string description, string media, JsonObject schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } },
    };
}
