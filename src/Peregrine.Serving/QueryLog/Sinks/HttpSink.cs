using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>Sends lines in batches with POST, in order, one call at a time; tries again what did not arrive, with growing waits.</summary>
/// <remarks>A batch that was taken but whose answer got lost is sent twice: the id of each line tells receivers which they have.</remarks>
internal sealed class HttpSink : IQueryLogSink
{
    private readonly SinkOptions _options;
    private readonly SinkEncoder _encoder;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Channel<Block> _queue = Channel.CreateUnbounded<Block>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private bool _failing;

    public HttpSink(SinkOptions options, TimeProvider clock, ILogger log)
    {
        _options = options;
        _clock = clock;
        _log = log;
        _encoder = new SinkEncoder(options.Format, options.Source ?? $"/peregrine/{Environment.MachineName}");
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            Timeout = options.Timeout,
        };
        foreach (var (name, value) in options.Headers) _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        Counts = new SinkCounts(options.Name);
        _sending = Task.Run(SendAllAsync, CancellationToken.None);
    }

    public SinkCounts Counts { get; }

    public void Offer(ReadOnlySpan<byte> lines, long count)
    {
        if (Counts.WaitingBytes + lines.Length > _options.QueueBytes || !_queue.Writer.TryWrite(new Block(lines.ToArray(), count)))
        {
            Counts.AddDropped(SinkDrop.QueueFull, count);
            return;
        }

        Counts.AddWaiting(lines.Length);
    }

    public async Task StopAsync(CancellationToken deadline)
    {
        _queue.Writer.TryComplete();
        try
        {
            await _sending.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            await _stop.CancelAsync();
            await _sending;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _queue.Writer.TryComplete();
        await _sending;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var block in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            for (var rest = block; rest.Count > 0;)
            {
                var (batch, next) = rest.Split(_options.BatchLines);
                await SendAsync(batch);
                rest = next;
            }

            Counts.AddWaiting(-block.Lines.Length);
        }
    }

    private async Task SendAsync(Block batch)
    {
        var wait = _options.FirstBackOff;
        for (var attempt = 1; ; attempt++)
        {
            if (_stop.IsCancellationRequested)
            {
                Counts.AddDropped(SinkDrop.Stopped, batch.Count);
                return;
            }

            var outcome = await TryOnceAsync(batch);
            if (outcome is null) return;
            if (outcome == SinkDrop.Refused || attempt == _options.Attempts)
            {
                Counts.AddDropped(outcome.Value, batch.Count);
                return;
            }

            Counts.AddRetry();
            var jittered = wait * (0.5 + Random.Shared.NextDouble() / 2);
            await Task.Delay(jittered, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < _options.LongestBackOff ? wait * 2 : _options.LongestBackOff;
        }
    }

    /// <returns>Null: the batch is done with; otherwise why not.</returns>
    private async Task<SinkDrop?> TryOnceAsync(Block batch)
    {
        try
        {
            using var content = BodyOf(batch);
            using var answer = await _http.PostAsync(_options.Url, content, _stop.Token);
            if (!answer.IsSuccessStatusCode) return Failed(answer.StatusCode);
            var rejected = _options.Format is SinkFormat.KafkaRest2 or SinkFormat.KafkaRest3 ? await RejectedAsync(answer) : 0;
            Counts.AddSent(batch.Count - rejected);
            if (rejected > 0) Counts.AddDropped(SinkDrop.Refused, rejected);
            if (_failing) QueryLogMessages.SinkWorksAgain(_log, Counts.Name);
            _failing = false;
            return null;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException or IOException)
        {
            if (!_failing && !_stop.IsCancellationRequested) QueryLogMessages.SinkUnreachable(_log, Counts.Name, unreachable.Message);
            _failing = true;
            return SinkDrop.Unreachable;
        }
    }

    private SinkDrop Failed(HttpStatusCode status)
    {
        if (!_failing) QueryLogMessages.SinkRefused(_log, Counts.Name, (int)status);
        _failing = true;
        return (int)status is >= 400 and < 500 and not 408 and not 429 ? SinkDrop.Refused : SinkDrop.Unreachable;
    }

    private ByteArrayContent BodyOf(Block batch)
    {
        var body = Utf8Output.Rent();
        _encoder.Encode(batch.Lines.Span, body);
        var content = new ByteArrayContent(body.Written.ToArray());
        Utf8Output.Return(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(_encoder.ContentType);
        return content;
    }

    /// <summary>Kafka's proxy answers 200 and tells record by record what became of it.</summary>
    private async Task<long> RejectedAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(_stop.Token);
        try
        {
            if (_options.Format == SinkFormat.KafkaRest2)
                return (JsonNode.Parse(text)?["offsets"] as JsonArray ?? []).Count(offset => offset?["error_code"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number);
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Count(line => JsonNode.Parse(line)?["error_code"] is { } code && (int)code is < 200 or > 299);
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>Whole lines.</summary>
    private readonly record struct Block(ReadOnlyMemory<byte> Lines, long Count)
    {
        public (Block Batch, Block Left) Split(int most)
        {
            if (Count <= most) return (this, default);
            var span = Lines.Span;
            var end = 0;
            for (var i = 0; i < most; i++) end += span[end..].IndexOf((byte)'\n') + 1;
            return (new Block(Lines[..end], most), new Block(Lines[end..], Count - most));
        }
    }
}
