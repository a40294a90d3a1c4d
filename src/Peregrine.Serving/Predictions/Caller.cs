using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>Who asks, and since when.</summary>
/// <param name="RequestId">The client's own id of the request, for the log.</param>
/// <param name="Started">Timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Protocol">JSON string that names the protocol in the log; null for the user API's own.</param>
/// <param name="TraceParent">The caller's W3C trace context, for the log and for traces.</param>
/// <param name="Authorised">Timestamp of when the key had been checked; 0 when nobody wants to know.</param>
internal readonly record struct Caller(CallerKey Key, string? RequestId, long Started, byte[]? Protocol = null, string? TraceParent = null, long Authorised = 0)
{
    /// <summary>Timestamp of <see cref="System.Diagnostics.Stopwatch"/> when the headers had arrived; <see cref="Started"/> is later when the body was waited for.</summary>
    public long Arrived { get; init; } = Started;

    /// <summary>Timestamp of <see cref="System.Diagnostics.Stopwatch"/> after which an answer is of no use; 0: none.</summary>
    public long Deadline { get; init; }

    /// <summary>Whether all values came as text, as in a query string.</summary>
    public bool SendsText { get; init; }
}
