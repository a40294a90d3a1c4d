using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.QueryLog;

/// <summary>Moves waiting lines to the log files at short intervals, and all of them on a stop. It stops after the web server has.</summary>
internal sealed class QueryLogWriter(QueryLogQueue queue, IOptions<ServingOptions> options, TimeProvider clock, ILogger<QueryLogWriter> log)
    : BackgroundService
{
    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!queue.Enabled) return;
        var settings = options.Value;
        using var files = new QueryLogFiles(Path.Combine(settings.DataDirectory, "logs"), settings.QueryLogFileBytes, settings.QueryLogTotalBytes, clock);
        using var timer = new PeriodicTimer(settings.QueryLogFlushInterval, clock);
        var buffer = GC.AllocateUninitializedArray<byte>(Math.Max(queue.MaxLine, 256 * 1024));
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await DrainAsync(files, buffer);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await DrainAsync(files, buffer);
            TryFlush(files);
        }
    }

    private async ValueTask DrainAsync(QueryLogFiles files, byte[] buffer)
    {
        while (true)
        {
            var bytes = queue.Drain(buffer, out var lines);
            if (bytes == 0) return;
            try
            {
                // Not cancelled by a stop: these lines have left the queue.
                await files.AppendAsync(buffer.AsMemory(0, bytes), CancellationToken.None);
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
