using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Tls;

/// <summary>The certificate that new handshakes get, replaced as a whole when its files change. Connections that are open keep theirs.</summary>
internal sealed class TlsState
{
    private readonly TimeProvider _clock;
    private readonly TlsMetrics _metrics;
    private readonly ILogger _log;
    private TlsMaterial _current;
    private string? _fault;
    private byte[] _seen;

    public TlsState(TlsSection section, TlsOptions options, TimeProvider clock, TlsMetrics metrics, ILogger log)
    {
        (Name, Options, _clock, _metrics, _log) = (section.Name, options, clock, metrics, log);
        _seen = Fingerprint();
        _current = TlsFiles.Read(options);
        metrics.Watch(this);
        if (_current.FaultAt(clock.GetUtcNow()) is { } outdated) TlsLog.Outdated(log, Name, outdated);
    }

    public string Name { get; }

    public TlsOptions Options { get; }

    public TlsMaterial Current => Volatile.Read(ref _current);

    /// <summary>Why the files as they are now are not in force; null: they are.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Time until the certificate in force ends; negative when it has.</summary>
    public TimeSpan TimeLeft => Current.NotAfter - _clock.GetUtcNow();

    /// <summary>Takes the files when they have changed and are good; otherwise keeps what is in force and remembers why. To be called by one thread at a time.</summary>
    public void Refresh()
    {
        var now = Fingerprint();
        if (now.AsSpan().SequenceEqual(_seen)) return;
        _seen = now;
        try
        {
            Take(TlsFiles.Read(Options));
        }
        catch (TlsFileException wrong)
        {
            Keep(wrong.Message);
        }
    }

    private void Take(TlsMaterial next)
    {
        var time = _clock.GetUtcNow();
        if (next.FaultAt(time) is { } outdated && Current.FaultAt(time) is null)
        {
            Keep(outdated);
            return;
        }

        Volatile.Write(ref _current, next);
        Volatile.Write(ref _fault, null);
        _metrics.Reloaded(Name, taken: true);
        TlsLog.Reloaded(_log, Name, next.Subject, next.NotAfter);
    }

    private void Keep(string fault)
    {
        Volatile.Write(ref _fault, fault);
        _metrics.Reloaded(Name, taken: false);
        TlsLog.Kept(_log, Name, fault, Current.Subject, Current.NotAfter);
    }

    private byte[] Fingerprint() => TlsFiles.Fingerprint(Options.CertificateFile, Options.KeyFile, Options.ClientCaFile);
}
