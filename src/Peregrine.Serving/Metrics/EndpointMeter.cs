using Peregrine.Serving.Kinds.Caching;

namespace Peregrine.Serving.Metrics;

/// <summary>The counts of one endpoint in one generation. Lives until the generation is deleted, however often it is loaded and let go.</summary>
internal sealed class EndpointMeter
{
    private static readonly string[] s_outcomes = ["ok", "ignored", "invalid", "unauthorized", "limited", "unavailable", "failed"];

    private readonly StripedCounter[] _requests;
    private readonly StripedCounter _rows = new();
    private readonly KeyValuePair<string, object?>[] _labels;
    private readonly KeyValuePair<string, object?>[][] _outcomeLabels;

    public EndpointMeter(string service, string endpoint, string generation)
    {
        Service = service;
        Endpoint = endpoint;
        Generation = generation;
        _labels = [new("service", service), new("endpoint", endpoint), new("generation", generation)];
        _requests = [.. s_outcomes.Select(_ => new StripedCounter())];
        _outcomeLabels = [.. s_outcomes.Select(outcome => (KeyValuePair<string, object?>[])[.. _labels, new("outcome", outcome)])];
    }

    public string Service { get; }

    public string Endpoint { get; }

    /// <summary>Empty for requests that ended before a generation was picked.</summary>
    public string Generation { get; }

    public LatencyBuckets Latency { get; } = new();

    public StageTimes Stages { get; } = new();

    public SchemaCounts Schema { get; } = new();

    public IgnoredCounts Ignored { get; } = new();

    /// <summary>What the endpoint's cache did; null: it has none.</summary>
    public CacheCounts? Cache { get; set; }

    public long Rows => _rows.Value;

    public ReadOnlySpan<KeyValuePair<string, object?>> Labels => _labels;

    public ReadOnlySpan<KeyValuePair<string, object?>> LabelsOf(PredictionOutcome outcome) => _outcomeLabels[(int)outcome];

    public long Requests(PredictionOutcome outcome) => _requests[(int)outcome].Value;

    public void Count(PredictionOutcome outcome, int rows)
    {
        _requests[(int)outcome].Add(1);
        if (rows > 0) _rows.Add(rows);
    }

    public static string NameOf(PredictionOutcome outcome) => s_outcomes[(int)outcome];
}
