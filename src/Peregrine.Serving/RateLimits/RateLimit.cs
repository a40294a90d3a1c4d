using System.Collections.Concurrent;
using System.Globalization;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.RateLimits;

/// <summary>One rule at work: what it has counted, for each caller.</summary>
internal sealed class RateLimit(RateRule rule, TimeProvider clock, IReadOnlyDictionary<string, QuotaCount> counted)
{
    private readonly ConcurrentDictionary<CallerKey, RateCell> _cells = new();
    private readonly StripedCounter _refused = new();

    public RateRule Rule { get; } = rule;

    /// <summary>Calls that it refused since it began.</summary>
    public long Refused => _refused.Value;

    public IEnumerable<KeyValuePair<CallerKey, RateCell>> Cells => _cells;

    /// <summary>As <c>RateLimit-Policy</c> names it: <c>"day";q=1000;qu="rows";w=86400</c>.</summary>
    public string Policy { get; } = string.Create(
        CultureInfo.InvariantCulture, $"\"{rule.Id}\";q={rule.Limit}{(rule.Unit == RateUnit.Rows ? ";qu=\"rows\"" : "")};w={WindowOf(rule)}");

    public bool Concerns(CallerKey caller) => Rule.Key is null || Rule.Key == caller.Id;

    public RateCell CellOf(CallerKey caller)
    {
        var who = Rule.Per == RatePartition.Service ? CallerKey.Anyone : caller;
        return _cells.TryGetValue(who, out var cell) ? cell : _cells.GetOrAdd(who, Begin);
    }

    public void NoteRefused() => _refused.Add(1);

    /// <summary>What its quotas have counted in their present periods.</summary>
    public Dictionary<string, QuotaCount> Counts() => _cells
        .Where(cell => cell.Value is CalendarQuota)
        .Select(cell => (Id: cell.Key.Id ?? "", ((CalendarQuota)cell.Value).State))
        .Where(cell => cell.State.Used > 0)
        .ToDictionary(cell => cell.Id, cell => new QuotaCount(cell.State.Used, cell.State.End), StringComparer.Ordinal);

    private RateCell Begin(CallerKey caller)
    {
        if (Rule.Period is not { } period) return new TokenBucket(Rule.Limit, TimeSpan.FromSeconds(Rule.WindowSeconds!.Value), clock);
        return counted.TryGetValue(caller.Id ?? "", out var count)
            ? new CalendarQuota(Rule.Limit, period, clock, count.Used, count.End)
            : new CalendarQuota(Rule.Limit, period, clock);
    }

    /// <summary>In seconds; of a month, that of thirty days.</summary>
    private static int WindowOf(RateRule rule) => rule.Period switch
    {
        QuotaPeriod.Hour => 3_600,
        QuotaPeriod.Day => 86_400,
        QuotaPeriod.Month => 30 * 86_400,
        _ => rule.WindowSeconds!.Value,
    };
}
