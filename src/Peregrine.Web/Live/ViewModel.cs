using Peregrine.Web.Components;

namespace Peregrine.Web.Live;

/// <summary>What a page decides and shows, apart from its markup. Lives as long as the page; tested without a browser.</summary>
/// <typeparam name="TState">All that was read, one immutable value: it is replaced as a whole, so a page never shows half of a change.</typeparam>
public abstract class ViewModel<TState>(Engines engines) : IViewModel
    where TState : class
{
    /// <summary>Null until the first read has ended well.</summary>
    public TState? State { get; private set; }

    /// <summary>Why the last read failed; the state of the read before stays.</summary>
    public Fault? Fault { get; private set; }

    public DateTimeOffset? ReadOn { get; private set; }

    object? IViewModel.Snapshot => State;

    protected Engines Engines { get; } = engines;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        Fault = await Engines.GuardAsync(async () =>
        {
            State = await ReadAsync(cancellationToken);
            ReadOn = Engines.Clock.GetUtcNow();
        });
    }

    void IViewModel.Restore(object snapshot)
    {
        State = snapshot as TState;
        ReadOn = Engines.Clock.GetUtcNow();
    }

    /// <summary>Forgets what was read, when the page turns to another object.</summary>
    public void Clear() => (State, Fault, ReadOn) = (null, null, null);

    protected abstract Task<TState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Runs an action and reads again; the fault of the action, or null when it was done.</summary>
    protected async Task<Fault?> ActAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        var fault = await Engines.GuardAsync(action);
        if (fault is null) await LoadAsync(cancellationToken);
        return fault;
    }
}
