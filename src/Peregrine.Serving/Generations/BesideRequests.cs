using System.Diagnostics;
using Peregrine.Records;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Generations;

/// <summary>
/// Runs work that keeps a processor busy for long on a thread of its own, which gives way to the threads that answer requests: loading a generation on one core would
/// otherwise keep it to itself for many milliseconds at a time.
/// </summary>
/// <remarks>
/// The thread keeps its precedence. One of low precedence is put aside while it holds the collector's lock, and a request that then needs memory sleeps 5 ms in the runtime. So
/// it takes short slices, and on machines of few processors sleeps between steps (<see cref="LongWork"/>).
/// </remarks>
internal static class BesideRequests
{
    /// <summary>With more processors a request finds another one.</summary>
    private const int FewProcessors = 2;

    /// <summary>How long it works before it sleeps for <see cref="s_rest"/>.</summary>
    private static readonly TimeSpan s_stretch = TimeSpan.FromMilliseconds(0.4);
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits for the next piece of work.</summary>
    private static WorkThread? s_spare;

    [ThreadStatic]
    private static long t_since;

    public static void Run(Action work) => Run<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>Waits for the work, and passes on what it throws.</summary>
    public static T Run<T>(Func<T> work)
    {
        T? result = default;
        var thread = Interlocked.Exchange(ref s_spare, null) ?? new WorkThread("beside requests", Begin);
        try
        {
            thread.Do(() =>
            {
                t_since = Stopwatch.GetTimestamp();
                result = work();
            });
        }
        finally
        {
            if (Interlocked.CompareExchange(ref s_spare, thread, null) is not null) thread.Dispose();
        }

        return result!;
    }

    private static void Begin()
    {
        ThreadPrecedence.Hasten();
        if (Environment.ProcessorCount <= FewProcessors) LongWork.OnThisThread(GiveWay);
    }

    private static void GiveWay()
    {
        if (Stopwatch.GetElapsedTime(t_since) < s_stretch) return;
        Thread.Sleep(s_rest);
        t_since = Stopwatch.GetTimestamp();
    }
}
