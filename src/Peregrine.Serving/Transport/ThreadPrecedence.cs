using System.Runtime.InteropServices;

namespace Peregrine.Serving.Transport;

/// <summary>The precedence of single threads of this process, where the system has it: on Linux it belongs to the thread, not to the process.</summary>
internal static partial class ThreadPrecedence
{
    /// <summary>0 is that of other threads, 19 the lowest precedence; 15 is about a thirtieth of a contended core.</summary>
    public const int Nice = 15;

    /// <summary>Nanoseconds: the shortest slice that the scheduler takes (the usual one is 1.4 to 2.8 ms). Who asks for short slices waits less for those who run for long.</summary>
    private const ulong ShortSlice = 100_000;

    private const int OfThread = 0; // PRIO_PROCESS: with Linux a thread's id, 0 for the calling thread

    /// <summary>Has a thread yield to the others of the process: setpriority(2). Any process may do that to its own threads, and none without privilege can take it back.</summary>
    /// <param name="thread">Its id in the system.</param>
    public static void Lower(int thread)
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(OfThread, thread, Nice);
    }

    /// <summary>
    /// Has a thread that runs for moments start sooner when it is woken, for the same share of the processor: sched_setattr(2) with a short slice. Linux
    /// 6.12 and later; an older one takes the call and leaves everything as it is.
    /// </summary>
    /// <param name="thread">Its id in the system; 0: the calling thread.</param>
    public static void Hasten(int thread = 0)
    {
        long? call = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 314, Architecture.Arm64 => 274, _ => null };
        if (!OperatingSystem.IsLinux() || call is not { } number) return;
        var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Nice = GetPriority(OfThread, thread), Runtime = ShortSlice };
        _ = SystemCall(number, thread, in attributes, 0);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int id, int nice);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int id);

    /// <summary>sched_setattr has no function of its own in older C libraries.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, nint thread, in Attributes attributes, nuint flags);

    /// <summary>The kernel's <c>struct sched_attr</c> as of its first version; policy 0 is that of ordinary threads.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
