using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>JSON that the user gives in a file.</summary>
internal static class JsonFile
{
    public static JsonNode? Read(string path) => Parse(ReadText(path), $"'{path}'");

    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"File '{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <param name="source">What the text is, for the message.</param>
    public static JsonNode? Parse(string text, string source)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{source} is not JSON: {wrong.Message}", wrong);
        }
    }
}
