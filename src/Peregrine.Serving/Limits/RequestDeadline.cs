using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Limits;

/// <summary>By when a caller wants its answer: header <c>X-Request-Timeout-Ms</c>, else query parameter <c>timeout</c>, in milliseconds from the arrival of the headers.</summary>
internal sealed class RequestDeadline(IOptions<LimitOptions> options)
{
    public const string Header = "X-Request-Timeout-Ms";
    public const string Parameter = "timeout";

    private readonly TimeSpan _longest = options.Value.LongestTimeout;
    private readonly long _default = (long)(options.Value.DefaultTimeout.TotalSeconds * Stopwatch.Frequency);

    /// <param name="started">Timestamp of <see cref="Stopwatch"/> when the headers had arrived.</param>
    /// <param name="deadline">Timestamp of <see cref="Stopwatch"/>; 0: none.</param>
    /// <returns>What is wrong with the timeout that was asked for, or null.</returns>
    public ApiError? Read(HttpRequest request, PredictionCall call, long started, out long deadline)
    {
        deadline = _default == 0 ? 0 : started + _default;
        if (request.Headers.TryGetValue(Header, out var values)) return Parse("Header " + Header, values.ToString(), started, ref deadline);
        // In predict-simple every parameter is a feature.
        if (call == PredictionCall.PredictSimple || !request.QueryString.HasValue) return null;
        return request.Query.TryGetValue(Parameter, out values) ? Parse("Parameter " + Parameter, values.ToString(), started, ref deadline) : null;
    }

    private ApiError? Parse(string where, string text, long started, ref long deadline)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds < 1 || milliseconds > _longest.TotalMilliseconds)
            return LimitFaults.BadTimeout(where, text, _longest);
        deadline = started + (milliseconds * Stopwatch.Frequency / 1000);
        return null;
    }
}
