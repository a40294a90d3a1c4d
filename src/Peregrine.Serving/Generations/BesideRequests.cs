using Microsoft.Extensions.Options;
using Peregrine.Records;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Generations;

/// <summary>
/// Runs work that keeps a processor busy for long on a thread of its own, which gives way to the threads that answer requests: loading a generation on one core would
/// otherwise keep it to itself for many milliseconds at a time.
/// </summary>
/// <remarks>
/// The thread keeps its precedence. One of low precedence is put aside while it holds the collector's lock, and a request that then needs memory sleeps 5 ms in the runtime. So
/// it takes short slices, and on machines of few processors rests between steps (<see cref="LongWork"/>, <see cref="Pace"/>).
/// </remarks>
internal sealed class BesideRequests(IOptions<ServingOptions> options) : IDisposable
{
    /// <summary>With more processors a request finds another one.</summary>
    private const int FewProcessors = 2;

    /// <summary>Waits for the next piece of work.</summary>
    private WorkThread? _spare;

    public void Run(Action work) => Run<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>Waits for the work, and passes on what it throws.</summary>
    public T Run<T>(Func<T> work)
    {
        T? result = default;
        var thread = Interlocked.Exchange(ref _spare, null) ?? new WorkThread("beside requests", () => ThreadPrecedence.Hasten());
        try
        {
            thread.Do(() =>
            {
                var pace = Environment.ProcessorCount <= FewProcessors ? new Pace(options.Value.LoadShare, options.Value.MostLoadRest) : null;
                LongWork.OnThisThread(pace is null ? null : pace.GiveWay);
                result = work();
            });
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _spare, thread, null) is not null) thread.Dispose();
        }

        return result!;
    }

    /// <summary>Not while work is under way.</summary>
    public void Dispose() => Interlocked.Exchange(ref _spare, null)?.Dispose();
}
