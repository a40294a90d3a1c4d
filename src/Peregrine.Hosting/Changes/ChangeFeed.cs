using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Changes;

/// <summary>
/// Tells listeners in this process that something changed, for live pages. Listeners run on the thread of the change, so they
/// must be quick; one that throws is reported and does not hinder the change nor the other listeners.
/// </summary>
public sealed class ChangeFeed<T>(ILogger logger)
{
    private ImmutableArray<Action<T>> _listeners = [];

    /// <summary>Listens until the returned value is disposed.</summary>
    public IDisposable Subscribe(Action<T> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Add(listener));
        return new Subscription(() => ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Remove(listener)));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary to foreign listeners: reported, and the change goes on.")]
    public void Raise(T change)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(change);
            }
            catch (Exception exception)
            {
                ChangeFeedLog.ListenerFailed(logger, exception, typeof(T).Name);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
