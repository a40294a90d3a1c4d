using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>The policy of every endpoint of every loaded generation: the operator's rules, then those of its settings.</summary>
/// <remarks>A policy outlives its generation until the last line of it has left memory: a line whose policy is not known would be written as it is.</remarks>
internal sealed class ColumnPolicies(IOptions<QueryLogOptions> options)
{
    private readonly ConcurrentDictionary<(string Service, string Endpoint, string Generation), Entry> _policies = new();
    private readonly List<((string Service, string Endpoint, string Generation) Key, long LastLine)> _leaving = [];
    private readonly Lock _gate = new();
    private readonly bool _anyOfNode = options.Value.Columns.Count > 0;
    private bool _any = options.Value.Columns.Count > 0;

    /// <summary>Whether a line needs to be looked at at all.</summary>
    public bool Any => Volatile.Read(ref _any);

    public int Count => _policies.Count;

    /// <summary>To be called before the generation answers; once for each <see cref="Release"/>, since a generation can be loaded again while it still drains.</summary>
    public void Register(string service, string endpoint, string generation, IReadOnlyList<LogColumnRule> settings)
    {
        var policy = PolicyOf(service, endpoint, settings);
        if (policy.KeepsAll) policy = ColumnPolicy.KeepAll;
        lock (_gate)
        {
            var users = _policies.TryGetValue((service, endpoint, generation), out var before) ? before.Users : 0;
            _policies[(service, endpoint, generation)] = new Entry(policy, users + 1);
            Tell();
        }
    }

    /// <summary>To be called when the generation's last request has ended.</summary>
    /// <param name="lastLine">Where the query log's memory then ends, see <see cref="QueryLogQueue.Claimed"/>.</param>
    public void Release(string service, string endpoint, string generation, long lastLine)
    {
        lock (_gate) _leaving.Add(((service, endpoint, generation), lastLine));
    }

    /// <summary>Drops the policies of released generations whose lines have been treated.</summary>
    /// <param name="treated">How far the query log's memory has been read, and what was read treated.</param>
    public void Sweep(long treated)
    {
        lock (_gate)
        {
            if (_leaving.Count == 0) return;
            foreach (var (key, lastLine) in _leaving)
                if (lastLine <= treated) Drop(key);
            _leaving.RemoveAll(one => one.LastLine <= treated);
            Tell();
        }
    }

    /// <summary>For a generation that nobody registered, the operator's rules.</summary>
    public ColumnPolicy For(string service, string endpoint, string generation) =>
        _policies.TryGetValue((service, endpoint, generation), out var entry) ? entry.Policy : PolicyOf(service, endpoint, []);

    private void Drop((string Service, string Endpoint, string Generation) key)
    {
        if (_policies[key] is { Users: > 1 } entry) _policies[key] = entry with { Users = entry.Users - 1 };
        else _policies.TryRemove(key, out _);
    }

    private void Tell() => Volatile.Write(ref _any, _anyOfNode || _policies.Values.Any(entry => !entry.Policy.KeepsAll));

    private ColumnPolicy PolicyOf(string service, string endpoint, IReadOnlyList<LogColumnRule> settings) =>
        new(options.Value.Columns.Where(rule => rule.Fits(service, endpoint)).Select(rule => rule.Rule()).Concat(settings));

    private sealed record Entry(ColumnPolicy Policy, int Users);
}
