using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Tls;

/// <summary>Checks callers' certificates once for each connection, away from the thread that waits for the network.</summary>
internal sealed class ClientCertificateCheck(TlsState state, TlsMetrics metrics, TimeProvider clock, ILogger<ClientCertificateCheck> log)
{
    private static readonly PresentedCertificate s_none = new(null, []);

    private long _lastTold;

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        RefusedCaller? refused;
        try
        {
            using var presented = connection.Features.Get<PresentedCertificate>() ?? s_none;
            refused = await Task.Run(() => ClientCertificates.Check(presented, state.Options, state.Current.ClientRoots, clock.GetUtcNow()), connection.ConnectionClosed);
        }
        catch (OperationCanceledException) when (connection.ConnectionClosed.IsCancellationRequested)
        {
            return;
        }

        connection.Features.Set<PresentedCertificate>(null);
        connection.Features.Set(refused);
        if (refused is not null) Tell(connection, refused);

        await next(connection);
    }

    /// <summary>One line a second: the counter has them all.</summary>
    private void Tell(ConnectionContext connection, RefusedCaller refused)
    {
        metrics.Refused(state.Name, refused.Reason);
        var (last, now) = (Volatile.Read(ref _lastTold), clock.GetTimestamp());
        if (last != 0 && clock.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1)) return;
        if (Interlocked.CompareExchange(ref _lastTold, now, last) == last) TlsLog.ClientRefused(log, connection.RemoteEndPoint, state.Name, refused.Message);
    }
}
