using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Peregrine.Serving.Tracing;

namespace Peregrine.Serving.Predictions;

/// <summary>Headers that tell a caller how its request went.</summary>
internal static class AnswerHeaders
{
    /// <summary>A request with this header, whatever its value, is answered with <c>Server-Timing</c>.</summary>
    public const string WantsTiming = "X-Server-Timing";

    public static bool IsTimed(HttpRequest request) => request.Headers.ContainsKey(WantsTiming);

    /// <summary>Milliseconds by stage, as W3C Server Timing has it: <c>authorise</c>, <c>bind</c>, <c>score</c>, <c>total</c>.</summary>
    public static void TellTiming(HttpContext context, in Caller caller, in PhaseClock phases)
    {
        if (caller.Authorised == 0 || !IsTimed(context.Request)) return;
        var authorise = Stopwatch.GetElapsedTime(caller.Arrived, caller.Authorised).TotalMilliseconds;
        var bind = phases.ParseMicroseconds / 1e3;
        var score = phases.ScoreMicroseconds / 1e3;
        var total = Stopwatch.GetElapsedTime(caller.Arrived).TotalMilliseconds;
        context.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture, $"authorise;dur={authorise:0.###}, bind;dur={bind:0.###}, score;dur={score:0.###}, total;dur={total:0.###}");
    }

    /// <summary>The trace that the request was part of: with the id of its span when one was made, else as it came, unless that cannot be sent.</summary>
    /// <param name="span">As <c>traceparent</c> has it; null: none was made.</param>
    public static void TellTrace(HttpContext context, in Caller caller, string? span)
    {
        if (span is not null) context.Response.Headers.TraceParent = span;
        else if (caller.TraceParent is { } given && !given.AsSpan().ContainsAnyExceptInRange(' ', '~') && ActivityContext.TryParse(given, null, out _)) context.Response.Headers.TraceParent = given;
    }
}
