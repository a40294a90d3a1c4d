using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Limits;

/// <summary>
/// What a request has to pass before it is worked on. One that is small and all there passes without a word; one that must wait takes a place by
/// <see cref="Enter"/> and gives it back by <see cref="Exit"/>; its scoring goes through <see cref="TryEnqueue"/> when it is bulk.
/// </summary>
internal sealed class Admission(AdmissionGate gate, ScoringQueue queue, LimitMetrics metrics, IOptions<LimitOptions> options)
{
    private readonly int _bulk = options.Value.BulkBytes;
    private readonly int _maxUrl = options.Value.MaxUrlLength;

    /// <param name="bytes">Length of a body; null: not known yet.</param>
    public bool IsBulk(long? bytes) => bytes >= _bulk;

    /// <summary>Null: the request has a place, which it gives back by <see cref="Exit"/>. Otherwise why not; it then holds nothing.</summary>
    /// <param name="bytes">Length of the body as announced; null: not announced.</param>
    public ApiError? Enter(long? bytes)
    {
        // Said before the body is read: whoever is refused anyway shall not send it in vain.
        if (IsBulk(bytes) && queue.Refusal() is { } full) return full;
        if (gate.TryEnter()) return null;
        metrics.Refuse(LimitMetrics.Concurrent);
        return LimitFaults.TooManyConcurrent;
    }

    public void Exit() => gate.Exit();

    /// <inheritdoc cref="ScoringQueue.TryEnqueue"/>
    public ApiError? TryEnqueue(ScoringWork work) => queue.TryEnqueue(work);

    /// <summary>Null: the path and query are no longer than allowed.</summary>
    public ApiError? UrlRefusal(HttpRequest request, string path)
    {
        var length = path.Length + (request.QueryString.Value?.Length ?? 0);
        if (length <= _maxUrl) return null;
        metrics.Refuse(LimitMetrics.Url);
        return LimitFaults.UrlTooLong(length, _maxUrl);
    }

    /// <summary>Counts an error that came of a limit.</summary>
    public void Note(ApiError error)
    {
        if (ReferenceEquals(error, LimitFaults.DeadlineExceeded)) metrics.Refuse(LimitMetrics.Deadline);
        else if (ReferenceEquals(error, LimitFaults.QueueWait)) metrics.Refuse(LimitMetrics.QueueWait);
    }
}
