using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>Rate limit rules as the admin API takes them: refused with a place, or rules that come back from their file as they were and count without overflow.</summary>
internal sealed class RulesTarget : IFuzzTarget
{
    private static readonly FrozenSet<string> s_none = FrozenSet<string>.Empty;

    private static readonly FrozenSet<string> s_endpoints = new[] { "score", "other" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly long[] s_charges = [1, -1, 0, 100_000, 10_000_000_000, -10_000_000_000];

    public string Name => "rules";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("rules");

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "{", "}", "[", "]", ",", ":", "\"", "\"rules\":[", "\"id\":\"a\"", "\"id\":\"\\ud800\"", "\"unit\":\"rows\"", "\"unit\":\"0\"", "\"unit\":\"rows,requests\"", "\"limit\":1", "\"limit\":1000000000000",
        "\"limit\":1e3", "\"limit\":1.5", "\"windowSeconds\":86400", "\"windowSeconds\":1", "\"period\":\"month\"", "\"period\":null", "\"per\":\"service\"", "\"endpoint\":\"score\"", "\"key\":\"k\"",
        "NaN", "null", "\\ud800", "\\u0000", "-", "0", "9999999999999999999");

    public long AllocationLimit(int inputLength) => 1024 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        IReadOnlyList<RateRule> rules;
        try
        {
            var context = new DefaultHttpContext();
            context.Request.Body = new MemoryStream(input.ToArray());
            var body = JsonBody.ReadObjectAsync(context.Request, CancellationToken.None).GetAwaiter().GetResult();
            rules = RateRuleReader.Read(body, input.Length % 2 == 0 ? s_none : s_endpoints);
        }
        catch (ApiErrorException refused)
        {
            EngineTarget.Check(refused.Error);
            return;
        }

        var file = JsonSerializer.SerializeToUtf8Bytes(new RateRuleFile { Rules = rules }, RateLimitJson.Default.RateRuleFile);
        if (!JsonSerializer.Deserialize(file, RateLimitJson.Default.RateRuleFile)!.Rules.SequenceEqual(rules)) throw new FuzzFault("The rules come back as others from their file.");
        foreach (var rule in rules) Check(rule);
    }

    private static void Check(RateRule rule)
    {
        if (rule.Limit < 1 || rule.WindowSeconds is < 1 || rule.WindowSeconds is null == rule.Period is null || !Enum.IsDefined(rule.Unit) || !Enum.IsDefined(rule.Per)) throw new FuzzFault($"{rule} is no rule.");
        var clock = new Clock();
        var limit = new RateLimit(rule, clock, new Dictionary<string, QuotaCount>());
        if (limit.Policy.AsSpan().ContainsAnyExceptInRange(' ', '~') || !limit.Policy.Contains(string.Create(CultureInfo.InvariantCulture, $";q={rule.Limit}"), StringComparison.Ordinal)) throw new FuzzFault($"Policy {limit.Policy}.");
        var cell = limit.CellOf(CallerKey.Anyone);
        if (!cell.TryTake()) throw new FuzzFault("A new rule lets nobody in.");
        foreach (var units in s_charges)
        {
            cell.Charge(units);
            clock.Pass(TimeSpan.FromMilliseconds(Math.Abs(units) % 100_003));
            var level = cell.Level();
            if (level.Remaining < 0 || level.Remaining > rule.Limit || level.Reset < 0 || level.Wait < 0 || level.Wait > level.Reset || level.Wait == 0 != level.Remaining > 0) throw new FuzzFault($"{level} of {rule}.");
            if (cell.TryTake() != level.Wait is 0) throw new FuzzFault($"{level} of {rule}, and it says otherwise.");
        }
    }

    private sealed class Clock : TimeProvider
    {
        private TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero) + _passed;

        public void Pass(TimeSpan time) => _passed += time;
    }
}
