using System.Text.Json;

namespace Peregrine.Hosting.Futures;

/// <summary>A long job that was started by a call and is read by polling. Readable until its retention ends.</summary>
public sealed class Future
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abort;
    private FutureProgress _progress = FutureProgress.None;
    private FutureOutcome? _outcome;

    internal Future(string id, FutureRequest request, DateTimeOffset startedAt, CancellationToken stopping)
    {
        Id = id;
        Request = request;
        StartedAt = startedAt;
        _abort = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>The <c>jobId</c> of the wire.</summary>
    public string Id { get; }

    public FutureRequest Request { get; }

    public DateTimeOffset StartedAt { get; }

    public DateTimeOffset? EndedAt => Outcome?.EndedAt;

    public FutureStatus Status => Outcome?.Status ?? FutureStatus.Running;

    /// <summary>True once the job has ended, whatever its end was.</summary>
    public bool HasResult => Outcome is not null;

    /// <summary>What the job returned; null while it runs and when it failed or was aborted.</summary>
    public JsonElement? Result => Outcome?.Result;

    /// <summary>Why the job failed, else null.</summary>
    public Exception? Error => Outcome?.Error;

    public FutureProgress Progress => Volatile.Read(ref _progress);

    /// <summary>Ends with the job and never faults: read <see cref="Status"/> afterwards.</summary>
    public Task Completion => _completion.Task;

    internal CancellationToken Aborted => _abort.Token;

    private FutureOutcome? Outcome => Volatile.Read(ref _outcome);

    internal void Advance(double? fraction, string phase) =>
        Replace(progress => progress with { Fraction = fraction is { } f ? Math.Clamp(f, 0, 1) : progress.Fraction, Phase = phase });

    internal void AddLine(string line, int maxLines) =>
        Replace(progress => progress with { Log = [.. progress.Log.Skip(progress.Log.Count + 1 - maxLines), line] });

    internal void End(FutureOutcome outcome)
    {
        Volatile.Write(ref _outcome, outcome);
        _completion.TrySetResult();
    }

    /// <summary>Asks the job to stop; the job itself decides when it has.</summary>
    internal Task AbortAsync() => _abort.CancelAsync();

    private void Replace(Func<FutureProgress, FutureProgress> next)
    {
        lock (_gate)
        {
            Volatile.Write(ref _progress, next(_progress));
        }
    }
}
