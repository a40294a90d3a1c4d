using Microsoft.Extensions.Options;

namespace Peregrine.Designing.Lab;

/// <summary>Lets a bounded number of trainings run, a bounded number wait, and refuses more.</summary>
internal sealed class TrainingQueue(IOptions<DesigningOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.Value.MaxConcurrentTrainings);
    private readonly int _capacity = options.Value.MaxConcurrentTrainings + options.Value.MaxQueuedTrainings;
    private int _taken;

    /// <summary>Takes a place; give it back by disposing it.</summary>
    /// <exception cref="Hosting.Errors.ApiErrorException">503: every place is taken.</exception>
    public Place Take()
    {
        if (Interlocked.Increment(ref _taken) <= _capacity) return new Place(this);
        Interlocked.Decrement(ref _taken);
        throw Refusal.Busy($"{_capacity} trainings run or wait already, the most that are taken. Train again when one has ended.");
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>A place in the queue: first waiting, then running.</summary>
    internal sealed class Place(TrainingQueue queue) : IDisposable
    {
        private bool _runs;
        private bool _left;

        public async Task WaitForTurnAsync(CancellationToken cancellationToken)
        {
            await queue._slots.WaitAsync(cancellationToken);
            _runs = true;
        }

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            if (_runs) queue._slots.Release();
            Interlocked.Decrement(ref queue._taken);
        }
    }
}
