namespace Peregrine.Serving.Transport;

/// <summary>
/// With sockets completed inline (<see cref="InlineSockets"/>) a request begins on the thread that waits for the network. A prediction of one record
/// stays there; work that takes long or blocks must leave it.
/// </summary>
internal static class OffTheTransport
{
    /// <summary>Whether the current thread is one that waits for the network.</summary>
    public static bool IsHere => !Thread.CurrentThread.IsThreadPoolThread;
}
