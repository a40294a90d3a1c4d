using System.Diagnostics;

namespace Peregrine.Fuzz;

/// <summary>Feeds cases to one target and watches time and memory.</summary>
internal sealed class FuzzRun(IFuzzTarget target, ulong seed)
{
    /// <summary>A case that works for longer hangs.</summary>
    private static readonly TimeSpan s_longestWork = TimeSpan.FromSeconds(5);

    /// <summary>So does one that waits for longer, whether it works or not: far above what a machine makes a process wait that has others go first.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private readonly Mutator _mutator = new(target);

    /// <summary>Runs cases <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>.</summary>
    /// <exception cref="FuzzFault">A case went wrong; the message says which, and its input is in <see cref="Exception.Data"/>.</exception>
    public void Run(long from, long count, Action<long>? progress = null)
    {
        for (var number = from; number < from + count; number++)
        {
            RunOne(_mutator.Make(seed, (ulong)number), number);
            if ((number & 0xFFF) == 0) progress?.Invoke(number);
        }
    }

    public void RunOne(byte[] input, long number)
    {
        var (started, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (Exception fault)
        {
            throw Fault(input, number, fault is FuzzFault ? fault.Message : $"{fault.GetType().Name}: {fault.Message}", fault);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.AllocationLimit(input.Length))
            throw Fault(input, number, $"{allocated:N0} bytes were allocated for an input of {input.Length:N0}; {target.AllocationLimit(input.Length):N0} are in proportion.");
        var (took, work) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - worked);
        if (took > s_longest || work > s_longestWork) throw Fault(input, number, $"It took {took}, {work} of them at work.");
    }

    private FuzzFault Fault(byte[] input, long number, string message, Exception? cause = null)
    {
        var fault = new FuzzFault($"Target {target.Name}, seed {seed}, case {number}: {message}", cause);
        fault.Data["input"] = input;
        return fault;
    }
}
