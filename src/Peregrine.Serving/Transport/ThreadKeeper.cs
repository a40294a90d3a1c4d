using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Transport;

/// <summary>
/// Gives threads that the runtime makes the precedence that fits a node: those that wait for the network start soon when they are woken, and the compiler yields to
/// them once the node's hot code has had its time. Without it the first switches of a process have thousands of methods compiled anew at the precedence of requests.
/// </summary>
/// <remarks>The runtime makes these threads when it needs them, and ends a compiler that was idle for some seconds, so they are looked for again and again.</remarks>
internal sealed class ThreadKeeper(IOptions<ServingOptions> options, TimeProvider clock) : BackgroundService
{
    private const string Tasks = "/proc/self/task";

    // What the kernel keeps of a thread's name: 15 bytes.
    private const string Compiler = ".NET Tiered Com";
    private const string Network = ".NET Sockets";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<int> _compilers = [];
    private HashSet<int> _seen = []; // at the last look
    private HashSet<int> _known = []; // at the one before, when a thread just made may not have had its name yet

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Tasks)) return;
        var since = clock.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(s_look, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var yields = options.Value.CompilerYieldsAfter;
                Look(yields != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(since) >= yields);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>Looks at the threads that were not there at both looks before.</summary>
    /// <param name="compilerYields">Whether it is time for compilers to yield, those seen earlier too.</param>
    internal void Look(bool compilerYields)
    {
        HashSet<int> now = [];
        foreach (var folder in Directory.EnumerateDirectories(Tasks))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), out var thread)) continue;
            now.Add(thread);
            if (!_known.Contains(thread)) Greet(thread, NameOf(folder));
        }

        (_known, _seen) = (_seen, now);
        _compilers.IntersectWith(now);
        if (!compilerYields) return;
        foreach (var compiler in _compilers) ThreadPrecedence.Lower(compiler);
        _compilers.Clear();
    }

    private void Greet(int thread, string? name)
    {
        if (name == Compiler) _compilers.Add(thread);
        else if (name == Network) ThreadPrecedence.Hasten(thread);
    }

    /// <summary>Null when the thread has ended, or is not ours to look at.</summary>
    private static string? NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd('\n');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
