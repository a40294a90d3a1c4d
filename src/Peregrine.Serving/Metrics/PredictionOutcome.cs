namespace Peregrine.Serving.Metrics;

/// <summary>How a request to an endpoint ended; a label of the metrics.</summary>
internal enum PredictionOutcome
{
    Ok,

    /// <summary>Answered, and at least one record was ignored by the model.</summary>
    Ignored,

    /// <summary>The caller's fault: 400 or 413.</summary>
    Invalid,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>A rate limit or quota was used up: 429.</summary>
    Limited,

    /// <summary>Disabled, no generation to answer with: 503 and 404.</summary>
    Unavailable,

    /// <summary>Our fault: 500.</summary>
    Failed,
}
