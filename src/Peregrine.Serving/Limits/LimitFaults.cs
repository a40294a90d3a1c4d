using System.Globalization;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Limits;

/// <summary>What a caller is told who comes to a limit: which, and what to do.</summary>
internal static class LimitFaults
{
    private const string Later = "Try again after the seconds that Retry-After tells, or at another node.";

    public static readonly ApiError TooManyConcurrent = ApiError.ServiceUnavailable(
        "The node has as many requests as it takes at a time.", $"The node has as many requests as it takes at a time. {Later}", "TooManyConcurrentRequests");

    public static readonly ApiError QueueFull = ApiError.ServiceUnavailable(
        "The node is at its capacity and its queue is full.", $"The node is at its capacity and its queue is full. {Later}", "QueueFull");

    public static readonly ApiError QueueWait = ApiError.ServiceUnavailable(
        "The node is at its capacity and the wait would be too long.", $"The node is at its capacity and the wait would be too long. {Later}", "QueueWaitExceeded");

    public static readonly ApiError Stopping = ApiError.ServiceUnavailable("The node is stopping.", $"The node is stopping. {Later}");

    public static readonly ApiError DeadlineExceeded = ApiError.Of(
        StatusCodes.Status504GatewayTimeout, "DeadlineExceeded", "The request's deadline passed before it was answered.",
        "The request's deadline passed before it was answered. Give it more time, fewer records, or a node with less to do.");

    public static ApiError UrlTooLong(int length, int limit) => ApiError.Of(
        StatusCodes.Status414UriTooLong, "UrlTooLong", Invariant($"The path and query have {length} characters; this node takes {limit}."),
        Invariant($"The path and query have {length} characters; this node takes {limit}. Send the features as a JSON body to 'predict'."));

    public static ApiError BadTimeout(string where, string given, TimeSpan longest) => ApiError.BadRequest(
        $"{where} '{given}' is no timeout.",
        Invariant($"{where} '{given}' is no timeout. Give whole milliseconds from 1 to {longest.TotalMilliseconds:F0}."), "BadTimeout");

    /// <summary>The error for work that was not begun.</summary>
    public static ApiError Of(WorkEnd end) => end switch
    {
        WorkEnd.WaitedTooLong => QueueWait,
        WorkEnd.PastDeadline => DeadlineExceeded,
        _ => Stopping,
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
