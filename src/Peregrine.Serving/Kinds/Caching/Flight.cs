using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>A computation under way, and those who wait for it. Its members but <see cref="Ended"/> are guarded by its cache.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has no timer and nobody takes its handle, so it holds nothing; and the last one to leave may still cancel it when the computation ends.")]
internal sealed class Flight(byte[] key)
{
    private readonly TaskCompletionSource<FlightEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();

    public byte[] Key { get; } = key;

    /// <summary>Requests that wait.</summary>
    public int Waiting { get; set; } = 1;

    public Task<FlightEnd> Ended => _ended.Task;

    /// <summary>Ends when nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public void Abandon() => _abandoned.Cancel();

    public void End(FlightEnd end) => _ended.TrySetResult(end);

    public void Fail(Exception fault)
    {
        _ended.TrySetException(fault);
        // Seen, also when nobody waits any more.
        _ = _ended.Task.Exception;
    }
}
