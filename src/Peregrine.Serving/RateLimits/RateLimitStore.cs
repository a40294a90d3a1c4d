using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peregrine.Contracts.Files;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.RateLimits;

/// <summary>Rate limits and quotas of services on this node, and what the quotas have counted.</summary>
internal sealed class RateLimitStore(ServiceStore services, TimeProvider clock, ILogger<RateLimitStore> log)
    : ServiceFileStore<RateRuleFile, RateLimitSet>(services, "limits.json", static () => RateLimitJson.Default.RateRuleFile, RateRuleFile.CurrentFormat)
{
    private const string QuotaFileName = "quotas.json";

    protected override RateRuleFile Empty => RateRuleFile.Empty;

    /// <summary>Writes down what quotas have counted. A service whose folder is gone is left out.</summary>
    public async Task SaveQuotasAsync(CancellationToken cancellationToken)
    {
        foreach (var (service, slot) in Slots)
        {
            var counts = slot.Current.All.Where(limit => limit.Rule.Period is not null)
                .ToDictionary(limit => limit.Rule.Id, limit => limit.Counts(), StringComparer.Ordinal);
            if (counts.Count == 0 || !Directory.Exists(FolderOf(service))) continue;
            var json = JsonSerializer.SerializeToUtf8Bytes(new QuotaFile { Rules = counts }, RateLimitJson.Default.QuotaFile);
            try
            {
                await DurableFile.WriteAsync(QuotaPath(service), json, cancellationToken);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                RateLimitLog.NotSaved(log, service, refused.Message);
            }
        }
    }

    /// <summary>A rule that counts as before keeps what it has counted; any other begins anew.</summary>
    protected override RateLimitSet Make(string service, RateRuleFile file, string? damage, RateLimitSet? before)
    {
        var stored = before is null ? ReadQuotas(service) : FrozenDictionary<string, Dictionary<string, QuotaCount>>.Empty;
        return new RateLimitSet([.. file.Rules.Select(Limit)], damage);

        RateLimit Limit(RateRule rule)
        {
            var old = before?.All.FirstOrDefault(limit => limit.Rule.CountsAs(rule));
            if (old?.Rule == rule) return old;
            return new RateLimit(rule, clock, old?.Counts() ?? stored.GetValueOrDefault(rule.Id) ?? []);
        }
    }

    private string QuotaPath(string service) => Path.Combine(FolderOf(service), QuotaFileName);

    /// <summary>Counts that cannot be read are lost, and said so: better than a service that answers nobody.</summary>
    private IReadOnlyDictionary<string, Dictionary<string, QuotaCount>> ReadQuotas(string service)
    {
        try
        {
            var path = QuotaPath(service);
            if (File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), RateLimitJson.Default.QuotaFile) is { } file) return file.Rules;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            RateLimitLog.NotRead(log, service, unreadable.Message);
        }

        return FrozenDictionary<string, Dictionary<string, QuotaCount>>.Empty;
    }
}
