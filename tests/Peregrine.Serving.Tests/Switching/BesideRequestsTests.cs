using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Peregrine.Records;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Tests.Switching;

public sealed class BesideRequestsTests : IDisposable
{
    private readonly BesideRequests _beside = new(Options.Create(new ServingOptions()));

    public void Dispose() => _beside.Dispose();

    [Fact]
    public void Run_OnLinux_KeepsThePrecedence_ForOneOfLowPrecedenceIsPutAsideWithLocksInHand()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have a nice value on Linux.");
        _beside.Run(NiceOfThisThread).ShouldBe(NiceOfThisThread());
    }

    [Fact]
    public void Run_LongWorkOnFewProcessors_RestsBetweenItsSteps()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system counts a thread's rests on Linux.");
        var rests = _beside.Run(() => Rests(TimeSpan.FromMilliseconds(1)));
        if (Environment.ProcessorCount <= 2) rests.ShouldBeGreaterThanOrEqualTo(20);
        else rests.ShouldBeLessThan(20);
        Rests(TimeSpan.FromMilliseconds(1)).ShouldBeLessThan(20, "the caller's own thread works on");
    }

    /// <summary>How often this thread let go of its processor by itself in 20 steps.</summary>
    private static long Rests(TimeSpan step)
    {
        var before = Rests();
        for (var i = 0; i < 20; i++)
        {
            var since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(since) < step) Thread.SpinWait(10);
            LongWork.GiveWay();
        }

        return Rests() - before;
    }

    private static long Rests() => long.Parse(
        File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);

    [Fact]
    public void Run_PassesOnWhatIsThrown() =>
        Should.Throw<InvalidDataException>(() => _beside.Run<int>(() => throw new InvalidDataException("no"))).Message.ShouldBe("no");

    [Fact]
    public void Run_AfterAFault_WorksOn()
    {
        Should.Throw<InvalidDataException>(() => _beside.Run(() => throw new InvalidDataException("no")));
        _beside.Run(() => 7).ShouldBe(7);
    }

    [Fact]
    public async Task Run_BesideOtherWork_DoesNotWaitForIt()
    {
        using var goOn = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        var first = Task.Run(() => _beside.Run(() =>
        {
            began.Set();
            goOn.Wait(TestContext.Current.CancellationToken);
            return Environment.CurrentManagedThreadId;
        }));
        began.Wait(TestContext.Current.CancellationToken);
        var second = _beside.Run(() => Environment.CurrentManagedThreadId);
        goOn.Set();
        (await first).ShouldNotBe(second);
    }

    [Fact]
    public void Run_WhatTheWorkUsed_IsNotKept()
    {
        var used = Use();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        used.TryGetTarget(out _).ShouldBeFalse();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<byte[]> Use()
    {
        var bytes = new byte[100];
        _beside.Run(() => bytes[0] = 1);
        return new WeakReference<byte[]>(bytes);
    }

    /// <summary>The 19th field of proc(5)'s stat; the second is in brackets and may hold blanks.</summary>
    private static int NiceOfThisThread()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
