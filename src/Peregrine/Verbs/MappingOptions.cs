using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>A mapping on the command line: <c>--entry v1=0.9 --entry v2=0.1 --shadow v3</c>.</summary>
internal sealed class MappingOptions
{
    private readonly Option<string[]> _entries = new("--entry")
    {
        Description = "A generation and its share of requests, 0 to 1; a generation alone takes all. Repeat it; shares sum to 1.", HelpName = "GENERATION=SHARE", Required = true,
    };

    private readonly Option<string[]> _shadows = new("--shadow")
    {
        Description = "A generation that gets copies of requests, whose answers nobody sees, and which share of them (default all). Repeat it.", HelpName = "GENERATION=SHARE",
    };

    private readonly Option<bool> _random = new("--random") { Description = "Draw for each request, also when it has a dispatch key." };

    public IEnumerable<Option> All => [_entries, _shadows, _random];

    public JsonObject Read(ParseResult parsed)
    {
        var mapping = new JsonObject { ["entries"] = Shares(parsed.GetRequiredValue(_entries), "proba") };
        if (parsed.GetValue(_shadows) is { Length: > 0 } shadows) mapping["shadows"] = Shares(shadows, "share");
        if (parsed.GetValue(_random)) mapping["strategy"] = "RANDOM";
        return mapping;
    }

    /// <summary>Of <c>v2=0.5</c>, or <c>v2</c> for all of it.</summary>
    /// <param name="member">Name of the share.</param>
    internal static JsonArray Shares(IEnumerable<string> texts, string member) => [.. texts.Select(text => (JsonNode)Share(text, member))];

    private static JsonObject Share(string text, string member)
    {
        var parts = text.Split('=', 2);
        if (parts.Length == 1) return new JsonObject { ["generation"] = parts[0], [member] = 1 };
        if (double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share)) return new JsonObject { ["generation"] = parts[0], [member] = share };
        throw new UsageException($"'{text}' is not a generation with its share, such as v1=0.9.");
    }
}
