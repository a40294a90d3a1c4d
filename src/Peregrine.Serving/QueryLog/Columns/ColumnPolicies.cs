using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>The policy of every endpoint of every generation that was loaded: the operator's rules, then those of its settings.</summary>
internal sealed class ColumnPolicies(IOptions<QueryLogOptions> options)
{
    private readonly ConcurrentDictionary<(string Service, string Endpoint, string Generation), ColumnPolicy> _policies = new();
    private bool _any = options.Value.Columns.Count > 0;

    /// <summary>Whether a line needs to be looked at at all.</summary>
    public bool Any => Volatile.Read(ref _any);

    /// <summary>To be called before the generation answers.</summary>
    public void Register(string service, string endpoint, string generation, IReadOnlyList<LogColumnRule> settings)
    {
        var policy = PolicyOf(service, endpoint, settings);
        if (policy.KeepsAll) policy = ColumnPolicy.KeepAll;
        _policies[(service, endpoint, generation)] = policy;
        if (!policy.KeepsAll) Volatile.Write(ref _any, true);
    }

    /// <summary>For a generation that nobody registered, the operator's rules.</summary>
    public ColumnPolicy For(string service, string endpoint, string generation) =>
        _policies.TryGetValue((service, endpoint, generation), out var policy) ? policy : PolicyOf(service, endpoint, []);

    private ColumnPolicy PolicyOf(string service, string endpoint, IReadOnlyList<LogColumnRule> settings) =>
        new(options.Value.Columns.Where(rule => rule.Fits(service, endpoint)).Select(rule => rule.Rule()).Concat(settings));
}
