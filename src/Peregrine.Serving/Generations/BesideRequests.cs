using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Peregrine.Serving.Generations;

/// <summary>
/// Runs work that keeps a processor busy for long on a thread of its own, which on Linux yields to the threads that answer requests: loading a generation on
/// one core would otherwise take every second slice of it.
/// </summary>
/// <remarks>setpriority(2): with Linux the nice value belongs to the thread. Any process may raise that of its own threads, and none can lower it again, so the thread is not reused.</remarks>
internal static partial class BesideRequests
{
    /// <summary>0 is that of other threads, 19 the lowest precedence: about a tenth of a contended core.</summary>
    private const int Nice = 10;

    private const int OfThread = 0; // PRIO_PROCESS with id 0: the calling thread

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
            if (OperatingSystem.IsLinux()) _ = SetPriority(OfThread, 0, Nice);
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

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int id, int nice);
}
