using System.Diagnostics;

namespace Peregrine.Serving.Limits;

/// <summary>Something that is to run on a scoring thread. Its task ends after that, on the thread pool.</summary>
/// <param name="bytes">Length of the body concerned: what its duration is guessed from.</param>
/// <param name="deadline">Timestamp of <see cref="Stopwatch"/> after which it is not worth beginning; 0: none.</param>
/// <param name="abandoned">Says that nobody waits for it any more.</param>
internal abstract class ScoringWork(long bytes, long deadline, CancellationToken abandoned)
{
    private readonly TaskCompletionSource<WorkEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkEnd _end;
    private Exception? _fault;

    public long Bytes { get; } = bytes;

    /// <summary>Timestamp of <see cref="Stopwatch"/> when it was queued.</summary>
    public long Queued { get; set; }

    /// <summary>Timestamp of <see cref="Stopwatch"/> when it left the queue.</summary>
    public long Begun { get; private set; }

    public Task<WorkEnd> Ended => _ended.Task;

    /// <summary>Runs it, unless that is in vain by now. What came of it is told by <see cref="Complete"/>.</summary>
    /// <returns>Ticks of <see cref="Stopwatch"/> that it took; 0 when it was not begun.</returns>
    public long Run(long longestWait)
    {
        Begun = Stopwatch.GetTimestamp();
        _end = EndBeforeBegin(longestWait);
        if (_end != WorkEnd.Done) return 0;
        try
        {
            Execute();
            return Stopwatch.GetTimestamp() - Begun;
        }
        catch (Exception fault)
        {
            // The boundary of a scoring thread: whoever waits for the work answers for the fault.
            _fault = fault;
            return 0;
        }
    }

    /// <summary>Lets the waiting request go on, on the thread pool.</summary>
    public void Complete()
    {
        if (_fault is null) _ended.TrySetResult(_end);
        else _ended.TrySetException(_fault);
    }

    /// <summary>Ends it without running it, because the node stops.</summary>
    public void Abandon() => _ended.TrySetResult(WorkEnd.Abandoned);

    protected abstract void Execute();

    private WorkEnd EndBeforeBegin(long longestWait)
    {
        if (abandoned.IsCancellationRequested) return WorkEnd.Abandoned;
        if (deadline != 0 && Begun > deadline) return WorkEnd.PastDeadline;
        return Begun - Queued > longestWait ? WorkEnd.WaitedTooLong : WorkEnd.Done;
    }
}
