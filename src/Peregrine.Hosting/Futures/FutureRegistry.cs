using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Changes;

namespace Peregrine.Hosting.Futures;

/// <summary>
/// The jobs of this process. One registry serves all engines, since a caller polls them all on one path. Finished jobs stay
/// readable for <see cref="FutureOptions.Retention"/>; on stop the running ones are aborted and waited for.
/// </summary>
public sealed class FutureRegistry(IOptions<FutureOptions> options, TimeProvider time, ILogger<FutureRegistry> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, Future> _futures = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly FutureOptions _options = options.Value;

    /// <summary>Raised after a future started, moved on or ended.</summary>
    public ChangeFeed<Future> Changes { get; } = new(logger);

    /// <summary>Starts a job and returns at once.</summary>
    /// <param name="work">Runs on the thread pool. Its return value becomes <c>result</c>; an exception becomes the job's error.</param>
    /// <param name="resultType">How the result is written as JSON; it is written once, when the job ends.</param>
    public Future Start<T>(FutureRequest request, Func<FutureScope, CancellationToken, Task<T>> work, JsonTypeInfo<T> resultType)
    {
        ForgetExpired();
        var future = new Future(NewId(), request, time.GetUtcNow(), _stopping.Token);
        _futures[future.Id] = future;
        Changes.Raise(future);
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(future, work, resultType), CancellationToken.None);
        }

        return future;
    }

    /// <summary>Null when there never was such a future, or it ended longer ago than the retention.</summary>
    public Future? Find(string id)
    {
        ForgetExpired();
        return _futures.GetValueOrDefault(id);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Future> List()
    {
        ForgetExpired();
        return [.. _futures.Values.OrderByDescending(future => future.StartedAt).ThenBy(future => future.Id, StringComparer.Ordinal)];
    }

    /// <summary>Asks the job to stop. Does nothing when it has ended. False when the future is unknown.</summary>
    public async Task<bool> AbortAsync(string id)
    {
        if (Find(id) is not { } future)
        {
            return false;
        }

        if (!future.HasResult)
        {
            FutureLog.Aborting(logger, future.Id, future.Request.DisplayName);
            await future.AbortAsync();
        }

        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_futures.Values.Select(future => future.Completion)).WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of a background job: the exception becomes its outcome.")]
    private async Task RunAsync<T>(Future future, Func<FutureScope, CancellationToken, Task<T>> work, JsonTypeInfo<T> resultType)
    {
        try
        {
            var result = await work(new FutureScope(future, _options.MaxLogLines, Changes.Raise), future.Aborted);
            End(future, FutureStatus.Done, JsonSerializer.SerializeToElement(result, resultType), error: null);
        }
        catch (OperationCanceledException) when (future.Aborted.IsCancellationRequested)
        {
            End(future, FutureStatus.Aborted, result: null, error: null);
        }
        catch (Exception exception)
        {
            FutureLog.Failed(logger, exception, future.Id, future.Request.DisplayName);
            End(future, FutureStatus.Failed, result: null, exception);
        }
    }

    private void End(Future future, FutureStatus status, JsonElement? result, Exception? error)
    {
        future.End(new FutureOutcome(status, time.GetUtcNow(), result, error));
        Changes.Raise(future);
    }

    private void ForgetExpired()
    {
        var oldest = time.GetUtcNow() - _options.Retention;
        var finished = _futures.Values.Where(future => future.HasResult).OrderByDescending(future => future.EndedAt).ToList();
        foreach (var future in finished.Where((future, rank) => rank >= _options.MaxFinished || future.EndedAt < oldest))
        {
            _futures.TryRemove(future.Id, out _);
        }
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
