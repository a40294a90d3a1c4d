using System.Runtime.ExceptionServices;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Generations;

/// <summary>
/// Runs work that keeps a processor busy for long on a thread of its own, which on Linux yields to the threads that answer requests: loading a generation on
/// one core would otherwise take every second slice of it.
/// </summary>
/// <remarks>A lowered precedence cannot be raised again, so the thread is not reused.</remarks>
internal static class BesideRequests
{
    public static void Run(Action work) => Run<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>Waits for the work, and passes on what it throws.</summary>
    public static T Run<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            ThreadPrecedence.Lower();
            try
            {
                result = work();
            }
            catch (Exception thrown)
            {
                // The boundary of the thread: whoever waits for it answers for the fault.
                fault = ExceptionDispatchInfo.Capture(thrown);
            }
        }) { IsBackground = true, Name = "beside requests" };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result!;
    }
}
