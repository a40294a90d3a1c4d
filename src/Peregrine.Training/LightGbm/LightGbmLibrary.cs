using System.Runtime.InteropServices;

namespace Peregrine.Training.LightGbm;

/// <summary>Loads the native library once, and turns its faults into exceptions.</summary>
internal static unsafe class LightGbmLibrary
{
    private static readonly Lazy<TrainingException?> s_fault = new(Load);

    [ThreadStatic]
    private static bool s_quiet;

    /// <summary>Loads the library when it is not, and keeps it from writing to the process's output, which it decides per thread.</summary>
    /// <exception cref="TrainingException">The library or the OpenMP runtime it needs is not installed.</exception>
    public static void Require()
    {
        if (s_fault.Value is { } fault)
            throw new TrainingException(fault.Code, fault.Message, fault.Hint, cause: fault.InnerException);
        if (s_quiet) return;
        Check(LightGbmNative.RegisterLogCallback(&Discard));
        s_quiet = true;
    }

    /// <exception cref="TrainingException">The call returned a fault.</exception>
    public static void Check(int result)
    {
        if (result == 0) return;
        var text = Marshal.PtrToStringUTF8((nint)LightGbmNative.GetLastError());
        throw new TrainingException(
            TrainingErrorCode.NativeLibraryFailed, $"LightGBM reports: {text}", "Check the columns and settings named in the message; if they are right, report a bug.");
    }

    private static TrainingException? Load()
    {
        try
        {
            // Threads of OpenMP that spin while they wait take the cores from everyone else: 20 times slower on a busy machine.
            // The library reads the variable when it loads, from the process itself, which .NET's own variables do not reach.
            if (!OperatingSystem.IsWindows()) _ = LightGbmNative.SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
            NativeLibrary.Load("lib_lightgbm", typeof(LightGbmLibrary).Assembly, null);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return Missing(fault);
        }
    }

    internal static TrainingException Missing(Exception fault) => fault.Message.Contains("libgomp", StringComparison.Ordinal)
        ? new TrainingException(
            TrainingErrorCode.NativeLibraryMissing, "Trees cannot be trained: the OpenMP runtime libgomp.so.1 is not installed.",
            "Install it, on Debian and Ubuntu with: apt-get install libgomp1", cause: fault)
        : new TrainingException(
            TrainingErrorCode.NativeLibraryMissing, $"Trees cannot be trained: the library lib_lightgbm cannot be loaded ({fault.Message.Split('\n')[0].Trim()}).",
            "Trees train on Linux x64, Windows x64 and macOS x64; on Debian and Ubuntu run: apt-get install libgomp1", cause: fault);

    /// <summary>LightGBM would write its notes to the process's output.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Discard(byte* text)
    {
    }
}
