using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog.Columns;
using Peregrine.Serving.QueryLog.Sinks;

namespace Peregrine.Serving.QueryLog;

/// <summary>
/// Moves waiting lines to the log files and the sinks at short intervals, columns treated on the way, and all of them on a stop. It stops after the web server has.
/// </summary>
internal sealed class QueryLogWriter(
    QueryLogQueue queue, ColumnFilter filter, QueryLogSinks sinks, IOptions<ServingOptions> options, IOptions<QueryLogOptions> logOptions, TimeProvider clock,
    ILogger<QueryLogWriter> log)
    : BackgroundService
{
    private const int BytesATurn = 64 * 1024;
    private const int PartsOfBacklog = 4;

    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(2);

    private bool _failing;
    private bool _filterFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!queue.Enabled) return;
        // A thread of its own that sleeps between its turns: a timer and a task for each of them cost more processor time than the writing.
        await Task.Factory.StartNew(() => Write(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await sinks.StopAsync();
    }

    /// <summary>Until the stop, and once more after it.</summary>
    private void Write(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        using var files = new QueryLogFiles(
            Path.Combine(settings.DataDirectory, QueryLogFiles.Folder), settings.QueryLogFileBytes, settings.QueryLogTotalBytes, logOptions.Value.FileAge, clock);
        var buffer = GC.AllocateUninitializedArray<byte>(Math.Max(queue.MaxLine, 256 * 1024));
        var pause = settings.QueryLogFlushInterval;
        while (!stoppingToken.WaitHandle.WaitOne(pause))
        {
            var waiting = queue.WaitingBytes;
            Drain(files, buffer, BytesOfTurn(waiting));
            filter.Sweep(queue.Drained);
            pause = NextPause(queue.WaitingBytes > BytesATurn ? TimeSpan.Zero : pause, waiting, settings.QueryLogFlushInterval);
        }

        Drain(files, buffer, long.MaxValue);
        TryFlush(files);
    }

    /// <summary>A part of what waits, so that a writer that has fallen behind catches up in several short turns.</summary>
    internal static long BytesOfTurn(long waiting) => Math.Max(BytesATurn, waiting / PartsOfBacklog);

    /// <summary>Shorter the more there is to write: a long turn of the writer would be felt by the requests that share its core, and a full memory loses lines.</summary>
    internal static TimeSpan NextPause(TimeSpan last, long waitingBytes, TimeSpan longest)
    {
        var next = last * ((double)BytesATurn / Math.Max(waitingBytes, 1));
        if (next > longest) return longest;
        return next > s_shortestPause ? next : TimeSpan.FromTicks(Math.Min(s_shortestPause.Ticks, longest.Ticks));
    }

    /// <param name="left">Bytes of this turn.</param>
    private void Drain(QueryLogFiles files, byte[] buffer, long left)
    {
        while (queue.Drain(buffer, left, out var lines) is > 0 and var bytes)
        {
            left -= bytes;
            if (!filter.IsNeeded)
            {
                Deliver(files, buffer.AsSpan(0, bytes), lines);
                continue;
            }

            var output = Utf8Output.Rent();
            var kept = TryFilter(buffer.AsSpan(0, bytes), lines, output);
            if (kept > 0) Deliver(files, output.Written, kept);
            Utf8Output.Return(output);
        }
    }

    /// <returns>How many lines are left. What cannot be treated as asked goes nowhere.</returns>
    private long TryFilter(ReadOnlySpan<byte> lines, long count, Utf8Output output)
    {
        try
        {
            var refused = filter.Apply(lines, output);
            queue.CountDroppedByFilter(refused);
            _filterFailing = false;
            return count - refused;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or CryptographicException)
        {
            queue.CountDroppedByFilter(count);
            if (!_filterFailing) QueryLogMessages.CannotFilter(log, fault.Message);
            _filterFailing = true;
            return 0;
        }
    }

    private void Deliver(QueryLogFiles files, ReadOnlySpan<byte> bytes, long lines)
    {
        if (sinks.Any) sinks.Offer(bytes, lines);
        try
        {
            files.Append(bytes);
            queue.CountWritten(lines);
            if (_failing) QueryLogMessages.WritingAgain(log);
            _failing = false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            queue.CountDroppedByDisk(lines);
            if (!_failing) QueryLogMessages.CannotWrite(log, refused);
            _failing = true;
        }
    }

    private void TryFlush(QueryLogFiles files)
    {
        try
        {
            files.Flush();
        }
        catch (IOException refused)
        {
            QueryLogMessages.CannotWrite(log, refused);
        }
    }
}
