using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Predictions;

/// <summary>What a call did, for the metrics.</summary>
internal struct PredictionReport
{
    /// <summary>The endpoint that was picked; null when the call ended before.</summary>
    public LoadedEndpoint? Endpoint;

    public int Rows;

    /// <summary>Records that the model did not score.</summary>
    public int Ignored;
}
