using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;

namespace Peregrine.Serving.QueryLog.Tail;

/// <summary><c>GET /admin/api/logs?service=&amp;endpoint=&amp;lines=&amp;after=</c>: the end of the query log, or what came behind a cursor.</summary>
internal static class LogEndpoints
{
    private const int MostLines = 10_000;

    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/logs", Tail).ForRole(AdminRole.Operator); // callers' data

    private static ContentHttpResult Tail(HttpRequest request, QueryLogTail tail)
    {
        var lines = QueryValues.Integer(request, "lines", 100, 1, MostLines);
        var filter = new TailFilter(QueryValues.Text(request, "service"), QueryValues.Text(request, "endpoint"));
        var answer = QueryValues.Text(request, "after") is not { } after ? tail.Last(lines, filter)
            : TailCursor.TryParse(after, out var cursor) ? tail.After(cursor, lines, filter)
            : throw ApiError.BadRequest(
                $"'{after}' is no cursor.", $"'{after}' is no cursor. Take 'cursor' of the last answer, or leave 'after' out.", "BadQueryParameter").AsException();
        return TypedResults.Text(Write(answer), "application/json");
    }

    /// <summary>Lines are JSON already.</summary>
    private static string Write(TailAnswer answer) => new StringBuilder("{\"lines\":[").AppendJoin(',', answer.Lines)
        .Append("],\"cursor\":\"").Append(JsonEncodedText.Encode(answer.Cursor)).Append("\"}").ToString();
}
