using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.RateLimits;

namespace Peregrine.Serving.Snapshots;

/// <summary>An endpoint of a serving service, as the request path looks it up: everything that is needed until a generation is picked.</summary>
internal sealed class EndpointRoute(ServiceSnapshot service, string endpointId, EndpointMeter meter)
{
    private readonly LoadedEndpoint?[] _targets = [.. service.Targets.Select(target => target.Endpoints.GetValueOrDefault(endpointId))];

    private ServiceFileSlot<RateRuleFile, RateLimitSet>? _limits;
    private Limited? _limited;

    public ServiceSnapshot Service { get; } = service;

    public string EndpointId { get; } = endpointId;

    /// <summary>For requests that end before a generation is picked.</summary>
    public EndpointMeter Meter { get; } = meter;

    /// <summary>The endpoint in a target's generation; null when that generation has no such endpoint.</summary>
    public LoadedEndpoint? Target(int target) => _targets[target];

    /// <summary>The rate limits and quotas that concern the endpoint now.</summary>
    public RateLimit[] RateLimits(RateLimitStore store)
    {
        var current = (_limits ??= store.SlotOf(Service.Id)).Current;
        if (Volatile.Read(ref _limited) is { } known && ReferenceEquals(known.Of, current)) return known.Limits;
        var limited = new Limited(current, current.Of(EndpointId));
        Volatile.Write(ref _limited, limited);
        return limited.Limits;
    }

    private sealed record Limited(RateLimitSet Of, RateLimit[] Limits);
}
