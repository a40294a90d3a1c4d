using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>
/// The keys of one issuer: fetched when first needed, again when they are old or a token names an unknown one, never more often than an
/// option allows. While the issuer cannot be reached the last keys are used, up to an age.
/// </summary>
internal sealed class JwksSource
{
    private readonly Func<CancellationToken, Task<byte[]>>? _fetch;
    private readonly AccessOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly Lock _gate = new();
    private SigningKeySet? _current;
    private Task? _fetching;
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;

    /// <param name="name">The address, for messages.</param>
    /// <param name="fetch">Gives the document; null when <paramref name="fixedKeys"/> is all there ever is.</param>
    public JwksSource(string name, Func<CancellationToken, Task<byte[]>>? fetch, byte[]? fixedKeys, AccessOptions options, TimeProvider clock, ILogger log)
    {
        _name = name;
        _fetch = fetch;
        _options = options;
        _clock = clock;
        _log = log;
        if (fixedKeys is not null) _current = new SigningKeySet(JwksReader.Read(fixedKeys), new object(), fixedKeys, DateTimeOffset.MaxValue);
    }

    /// <summary>What remembered tokens were found good by; null: nothing is known yet.</summary>
    public object? Basis => Volatile.Read(ref _current)?.Basis;

    /// <summary>When the present keys may no longer be used unless they are fetched again.</summary>
    private DateTimeOffset Deadline(SigningKeySet keys) =>
        keys.FetchedOn == DateTimeOffset.MaxValue ? DateTimeOffset.MaxValue : keys.FetchedOn + _options.SigningKeysRefresh + _options.SigningKeysOutage;

    /// <summary>The keys to check a token by.</summary>
    /// <param name="keyId">What the token names; null: nothing.</param>
    /// <returns>Null: the issuer cannot be reached, and there are no keys or too old ones.</returns>
    public async ValueTask<SigningKeySet?> KeysAsync(string? keyId, CancellationToken cancellationToken)
    {
        var keys = Usable();
        if (keys is null || (keyId is not null && !keys.Has(keyId)))
        {
            // Nothing to go on without an answer: wait for it.
            await Refresh().WaitAsync(cancellationToken);
        }
        else if (_clock.GetUtcNow() - keys.FetchedOn >= _options.SigningKeysRefresh)
        {
            _ = Refresh();
        }

        return Usable();
    }

    private SigningKeySet? Usable() =>
        Volatile.Read(ref _current) is { } keys && _clock.GetUtcNow() < Deadline(keys) ? keys : null;

    /// <summary>The fetch that runs now, or a new one; done at once when it is too early for another.</summary>
    private Task Refresh()
    {
        if (_fetch is null) return Task.CompletedTask;
        lock (_gate)
        {
            if (_fetching is { IsCompleted: false } running) return running;
            if (_clock.GetUtcNow() < _nextFetch) return Task.CompletedTask;
            _nextFetch = _clock.GetUtcNow() + _options.SigningKeysMinInterval;
            return _fetching = Task.Run(FetchAsync);
        }
    }

    private async Task FetchAsync()
    {
        using var limit = new CancellationTokenSource(_options.SigningKeysTimeout);
        try
        {
            var document = await _fetch!(limit.Token);
            var before = Volatile.Read(ref _current);
            var next = before is not null && before.Document.AsSpan().SequenceEqual(document)
                ? before with { FetchedOn = _clock.GetUtcNow() }
                : new SigningKeySet(JwksReader.Read(document), new object(), document, _clock.GetUtcNow());
            Volatile.Write(ref _current, next);
            AccessLog.SigningKeysFetched(_log, _name, next.Keys.Count);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            AccessLog.SigningKeysUnreachable(_log, _name, unreachable.Message);
        }
    }
}
