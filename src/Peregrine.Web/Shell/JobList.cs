using Peregrine.Hosting.Futures;
using Peregrine.Web.Components;

namespace Peregrine.Web.Shell;

/// <summary>The jobs of this process, live: those that run, and those that ended in the last minutes.</summary>
public sealed class JobList : IDisposable
{
    private static readonly TimeSpan KeepEnded = TimeSpan.FromMinutes(10);
    private readonly FutureRegistry _futures;
    private readonly TimeProvider _clock;
    private readonly IDisposable _listening;

    public JobList(FutureRegistry futures, TimeProvider clock)
    {
        _futures = futures;
        _clock = clock;
        _listening = futures.Changes.Subscribe(_ => Changed?.Invoke(this, EventArgs.Empty));
    }

    public event EventHandler? Changed;

    public int Running => _futures.List().Count(future => !future.HasResult);

    public IReadOnlyList<JobItem> Shown => [.. _futures.List()
        .Where(future => !future.HasResult || future.EndedAt > _clock.GetUtcNow() - KeepEnded)
        .OrderBy(future => future.HasResult)
        .Take(12)
        .Select(Describe)];

    public Task StopAsync(string id) => _futures.AbortAsync(id);

    public void Dispose() => _listening.Dispose();

    private JobItem Describe(Future future) => new(
        future.Id,
        future.Request.DisplayName,
        future.Status switch
        {
            FutureStatus.Running => JobState.Running,
            FutureStatus.Done => JobState.Done,
            FutureStatus.Failed => JobState.Failed,
            _ => JobState.Cancelled,
        },
        future.Progress.Fraction,
        future.Error?.Message ?? (future.HasResult ? null : future.Progress.Phase),
        (future.EndedAt ?? _clock.GetUtcNow()) - future.StartedAt);
}
