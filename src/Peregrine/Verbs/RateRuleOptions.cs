using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>A rate limit or quota on the command line: <c>--limit 200 --window 1s</c>, <c>--limit 1000000 --period day --unit rows</c>.</summary>
internal sealed class RateRuleOptions
{
    private readonly Option<long> _limit = new("--limit") { Description = "How many: 1 to 10^12.", HelpName = "N", Required = true };
    private readonly Option<string?> _window = ClientVerb.Option("--window", "Makes it a rate limit: the length of its sliding window, 1s to 1d.", "TIME");
    private readonly Option<string?> _period = ClientVerb.Option("--period", "Makes it a quota: hour, day or month, in UTC.", "PERIOD");
    private readonly Option<string?> _unit = ClientVerb.Option("--unit", "requests (default) or rows.", "UNIT");
    private readonly Option<string?> _per = ClientVerb.Option("--per", "key (default): each caller counts for itself; service: all together.", "WHO");
    private readonly Option<string?> _endpoint = ClientVerb.Option("--endpoint", "The endpoint that it concerns. Default: all, counted together.", "ENDPOINT");
    private readonly Option<string?> _key = ClientVerb.Option("--for-key", "Id of the key that it concerns. Default: all.", "KEY");

    public IEnumerable<Option> All => [_limit, _window, _period, _unit, _per, _endpoint, _key];

    public static Argument<string> Rule() => ClientVerb.Argument("RULE", "Name of the rule, as answers and errors tell it.");

    public JsonObject Read(ParseResult parsed, string name)
    {
        var length = Moments.Length(parsed.GetValue(_window), _window.Name);
        if (length is null == parsed.GetValue(_period) is null) throw new UsageException($"Give either {_window.Name}, for a rate limit, or {_period.Name}, for a quota.");
        var rule = new JsonObject { ["id"] = name, ["limit"] = parsed.GetRequiredValue(_limit) };
        if (length is { } time) rule["windowSeconds"] = (long)time.TotalSeconds;
        foreach (var (member, option) in new[] { ("period", _period), ("unit", _unit), ("per", _per), ("endpoint", _endpoint), ("key", _key) })
            if (parsed.GetValue(option) is { } given) rule[member] = given;
        return rule;
    }
}
