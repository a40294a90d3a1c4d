using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>The header <c>grpc-timeout</c>: up to eight digits and a unit.</summary>
internal static class GrpcDeadline
{
    /// <summary>How long the caller waits; null when the header is no timeout, which is passed over as the protocol's servers do.</summary>
    public static TimeSpan? Parse(string? header)
    {
        if (header is not { Length: >= 2 and <= 9 } || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)) return null;
        var ticks = header[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0L,
            _ => -1L,
        };
        if (ticks < 0) return null;
        // Eight digits of hours are 11,000 years: longer than a timer runs, and so no limit.
        return ticks == 0 ? TimeSpan.FromTicks(amount / 100) : amount > TimeSpan.FromDays(40).Ticks / ticks ? null : TimeSpan.FromTicks(amount * ticks);
    }

    /// <summary>The deadline of a call as a timestamp of <see cref="Stopwatch"/>; 0: none.</summary>
    /// <param name="arrived">Timestamp of <see cref="Stopwatch"/> when the headers had come.</param>
    public static long Of(string? header, long arrived) => Parse(header) is { } timeout ? arrived + (long)(timeout.TotalSeconds * Stopwatch.Frequency) : 0;
}
