using System.Globalization;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Tests.Switching;

public sealed class BesideRequestsTests
{
    [Fact]
    public void Run_OnLinux_YieldsToOtherThreads_AndLeavesTheCallersOwnAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have a nice value on Linux.");
        var before = NiceOfThisThread();
        BesideRequests.Run(NiceOfThisThread).ShouldBe(Math.Min(before + 10, 19), "setpriority sets, it does not add");
        NiceOfThisThread().ShouldBe(before);
    }

    [Fact]
    public void Run_PassesOnWhatIsThrown() =>
        Should.Throw<InvalidDataException>(() => BesideRequests.Run<int>(() => throw new InvalidDataException("no"))).Message.ShouldBe("no");

    /// <summary>The 19th field of proc(5)'s stat; the second is in brackets and may hold blanks.</summary>
    private static int NiceOfThisThread()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
