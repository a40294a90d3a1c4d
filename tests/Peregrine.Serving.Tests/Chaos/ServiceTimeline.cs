using System.Collections.Immutable;
using System.Diagnostics;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>Which states of a service could be in force at which time: the next one from the moment that its action is sent, the one before until that action was answered.</summary>
internal sealed class ServiceTimeline(string service)
{
    private const int ShownActions = 25;
    private static readonly long s_remembered = 60 * Stopwatch.Frequency; // longer than any request lasts

    private readonly Lock _gate = new();
    private readonly List<Span> _spans = [new(new ServiceModel(service), 0)];
    private readonly List<string> _history = [];

    public string Service => service;

    public ServiceModel Current { get; private set; } = new(service);

    public ImmutableHashSet<string> Damaged { get; set; } = [];

    /// <summary>What an action that was not answered may have come to; null: every action was answered.</summary>
    public Outcome? Uncertain { get; private set; }

    /// <summary>An action is about to be sent.</summary>
    public void Begin(ChaosAction action, Outcome expected)
    {
        lock (_gate)
        {
            _history.Add($"{action}  -> {expected.Status}: {expected.After.Describe()}{(expected.Damaged.IsEmpty ? "" : " damaged " + string.Join(' ', expected.Damaged))}");
            Uncertain = expected;
            _spans.Add(new Span(expected.After, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>The state is certain: no other can be in force from now on.</summary>
    public void Settle(ServiceModel state, string? note = null)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            if (note is not null) _history.Add($"{note}: {state.Describe()}");
            if (!_spans.Exists(span => span.To == long.MaxValue && ReferenceEquals(span.State, state))) _spans.Add(new Span(state, now));
            for (var i = 0; i < _spans.Count; i++)
                if (_spans[i].To == long.MaxValue && !ReferenceEquals(_spans[i].State, state)) _spans[i] = _spans[i] with { To = now };
            _spans.RemoveAll(span => span.To < now - s_remembered);
            Current = state;
            Uncertain = null;
        }
    }

    /// <summary>A state that may be in force from now on, beside the others.</summary>
    public void Expect(ServiceModel state)
    {
        lock (_gate) _spans.Add(new Span(state, Stopwatch.GetTimestamp()));
    }

    public IReadOnlyList<ServiceModel> Between(long from, long to)
    {
        lock (_gate) return [.. _spans.Where(span => span.From <= to && span.To >= from).Select(span => span.State)];
    }

    /// <summary>The newest actions, oldest of them first.</summary>
    public string History()
    {
        lock (_gate) return string.Join('\n', _history.TakeLast(ShownActions));
    }

    private readonly record struct Span(ServiceModel State, long From, long To = long.MaxValue);
}
