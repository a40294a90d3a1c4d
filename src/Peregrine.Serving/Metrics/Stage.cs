namespace Peregrine.Serving.Metrics;

/// <summary>A part of the way from request to answer; a label of the metrics.</summary>
internal enum Stage
{
    /// <summary>From the request's arrival to typed records: key, envelope, values.</summary>
    Bind,

    /// <summary>Preparation, features and model.</summary>
    Score,

    /// <summary>The answer's text.</summary>
    Write,
}
