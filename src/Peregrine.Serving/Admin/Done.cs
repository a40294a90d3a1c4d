using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Peregrine.Serving.Admin;

/// <summary>The answer of calls that only do something.</summary>
internal static class Done
{
    /// <summary><c>{"ok":true}</c>.</summary>
    public static ContentHttpResult Ok() => TypedResults.Text("{\"ok\":true}", "application/json");

    /// <summary><c>{"ok":true}</c> with more members.</summary>
    public static ContentHttpResult With(JsonObject members)
    {
        members.Insert(0, "ok", true);
        return TypedResults.Text(members.ToJsonString(), "application/json");
    }
}
