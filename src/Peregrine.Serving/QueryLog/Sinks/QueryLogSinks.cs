using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>The sinks beside the files: those of the options, and those that a host has registered.</summary>
internal sealed class QueryLogSinks(IOptions<QueryLogOptions> options, IEnumerable<IQueryLogSink> registered, TimeProvider clock, ILogger<QueryLogSinks> log) : IAsyncDisposable
{
    private readonly IQueryLogSink[] _sinks = [.. registered, .. options.Value.Sinks.Select(sink => new HttpSink(sink, clock, log))];

    public IEnumerable<SinkCounts> Counts => _sinks.Select(sink => sink.Counts);

    public bool Any => _sinks.Length > 0;

    public void Offer(ReadOnlySpan<byte> lines, long count)
    {
        foreach (var sink in _sinks) sink.Offer(lines, count);
    }

    public async Task StopAsync()
    {
        using var deadline = new CancellationTokenSource(options.Value.StopTimeout, clock);
        await Task.WhenAll(_sinks.Select(sink => sink.StopAsync(deadline.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks) await sink.DisposeAsync();
    }
}
