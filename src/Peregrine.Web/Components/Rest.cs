namespace Peregrine.Web.Components;

/// <summary>Writes REST calls the way a shell takes them; the key comes from the environment, never from the page.</summary>
internal static class Rest
{
    private const string Base = "$PEREGRINE_URL/public/api";

    public static CodeSample Get(string path) => new("REST", $"""curl -u "$PEREGRINE_KEY:" {Base}{path}""");

    public static CodeSample Post(string path, string? body = null) => Send("POST", path, body);

    public static CodeSample Put(string path, string? body = null) => Send("PUT", path, body);

    public static CodeSample Delete(string path) => Send("DELETE", path, body: null);

    public static CodeSample Upload(string path, string file) => new("REST", $"""curl -u "$PEREGRINE_KEY:" -F file=@{file} {Base}{path}""");

    private static CodeSample Send(string method, string path, string? body) => new("REST",
        $"""curl -u "$PEREGRINE_KEY:" -X {method} {Base}{path}""" + (body is null ? "" : $" \\\n  -d '{body}'"));
}
