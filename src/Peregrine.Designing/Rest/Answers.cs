using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Peregrine.Designing.Json;

namespace Peregrine.Designing.Rest;

/// <summary>The forms an answer takes on the wire.</summary>
internal static class Answers
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>A call whose body clients do not read: an object, for those that parse it all the same.</summary>
    public static IResult Ok() => Results.Text("""{"ok":true}""", JsonType);

    public static IResult Json(JsonNode document) => Results.Text(Documents.Text(document), JsonType);

    public static IResult List(IEnumerable<JsonNode> items) => Json(new JsonArray([.. items]));

    /// <summary>Who calls, for the record of who changed what.</summary>
    public static string Actor(HttpContext context) => context.User.Identity?.Name is { Length: > 0 } name ? name : "anonymous";
}
