using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Access.Audit;

/// <summary>Events on their way to the audit log. Recording never waits: what finds no room is dropped and counted, and of refusals only so many a second are taken.</summary>
internal sealed class AuditLog
{
    private const int Room = 4096;

    private readonly Channel<AuditEvent> _events = Channel.CreateBounded<AuditEvent>(new BoundedChannelOptions(Room) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly AccessOptions _options;
    private readonly TimeProvider _clock;
    private long _second;
    private int _inSecond;
    private long _suppressed;
    private long _dropped;

    public AuditLog(IOptions<AccessOptions> options, TimeProvider clock, IMeterFactory meters)
    {
        _options = options.Value;
        _clock = clock;
        meters.Create(ServingMetrics.MeterName).CreateObservableCounter("peregrine.audit.dropped", () => Volatile.Read(ref _dropped), "{event}", "Audit events lost: the queue was full or the disk refused.");
    }

    public ChannelReader<AuditEvent> Events => _events.Reader;

    /// <summary>An admin call that was let in, whatever became of it.</summary>
    public void Done(AuditEvent what) => Write(what);

    /// <summary>A caller that was not let in.</summary>
    public void Refused(AuditEvent what)
    {
        if (!MayTake())
        {
            Interlocked.Increment(ref _suppressed);
            return;
        }

        var suppressed = Interlocked.Exchange(ref _suppressed, 0);
        Write(suppressed == 0 ? what : what with { Suppressed = suppressed });
    }

    public void CountDropped(long events) => Interlocked.Add(ref _dropped, events);

    /// <summary>Lets the writer come to an end.</summary>
    public void Close() => _events.Writer.TryComplete();

    private void Write(AuditEvent what)
    {
        if (!_events.Writer.TryWrite(what with { Time = _clock.GetUtcNow() })) Interlocked.Increment(ref _dropped);
    }

    private bool MayTake()
    {
        var second = _clock.GetUtcNow().ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref _second, second) != second) Volatile.Write(ref _inSecond, 0);
        return Interlocked.Increment(ref _inSecond) <= _options.AuditRefusalsPerSecond;
    }
}
