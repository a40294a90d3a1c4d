using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Access.Audit;

/// <summary>Brings audit events to the disk, in the order they came; on a clean stop all of them.</summary>
internal sealed class AuditWriter(AuditLog audit, AuditFiles files, ILogger<AuditWriter> log) : BackgroundService
{
    private const int MostAtOnce = 1000;

    private bool _failing;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        audit.Close();
        if (ExecuteTask is { } running) await running.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Ends when the log is closed, not before: what was recorded is to be written.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var buffer = new MemoryStream();
        while (await audit.Events.WaitToReadAsync(CancellationToken.None))
        {
            buffer.SetLength(0);
            var events = 0;
            for (; events < MostAtOnce && audit.Events.TryRead(out var what); events++)
            {
                buffer.Write(JsonSerializer.SerializeToUtf8Bytes(what, AuditJson.Default.AuditEvent));
                buffer.WriteByte((byte)'\n');
            }

            await WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), events);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> lines, int events)
    {
        try
        {
            await files.AppendAsync(lines, CancellationToken.None);
            _failing = false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            audit.CountDropped(events);
            if (!_failing) AccessLog.AuditNotWritten(log, refused);
            _failing = true;
        }
    }
}
