using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Tests.Transport;

/// <summary>Threads of this process that carry the names of the runtime's own: the kernel knows them by nothing else.</summary>
public sealed class ThreadKeeperTests
{
    private const string Compiler = ".NET Tiered Com";
    private const string Network = ".NET Sockets";

    [Fact]
    public void Look_CompilerYieldsWhenItIsTime_AndNotBefore()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have a nice value on Linux.");
        using var compiler = new NamedThread(Compiler);
        using var other = new NamedThread("other");
        var keeper = Keeper();
        var before = compiler.Nice;
        keeper.Look(compilerYields: false);
        compiler.Nice.ShouldBe(before);
        keeper.Look(compilerYields: true);
        compiler.Nice.ShouldBe(Math.Max(before, ThreadPrecedence.Nice), "one seen before its time counts too");
        other.Nice.ShouldBe(before);
    }

    [Fact]
    public void Look_FindsACompilerThatIsMadeLater_AndOneThatGetsItsNameLate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have a nice value on Linux.");
        var keeper = Keeper();
        keeper.Look(compilerYields: true);
        using var late = new NamedThread("unnamed");
        keeper.Look(compilerYields: true);
        late.Name = Compiler;
        using var next = new NamedThread(Compiler);
        keeper.Look(compilerYields: true);
        late.Nice.ShouldBeGreaterThanOrEqualTo(ThreadPrecedence.Nice);
        next.Nice.ShouldBeGreaterThanOrEqualTo(ThreadPrecedence.Nice);
    }

    [Fact]
    public void Look_NetworkThreadAsksForShortSlices_AndKeepsItsNice()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The slice belongs to Linux' scheduler.");
        using var network = new NamedThread(Network);
        using var other = new NamedThread("other");
        var before = network.Nice;
        var usual = network.Slice;
        Keeper().Look(compilerYields: false);
        network.Nice.ShouldBe(before);
        other.Slice.ShouldBe(usual);
        // Kernels before 6.12 take the wish and have no slice to tell, or always the same.
        if (usual is not null && Environment.OSVersion.Version >= new Version(6, 12)) network.Slice.ShouldBe(100_000);
    }

    /// <summary>The clock goes on by a look's time again and again, so that the keeper looks.</summary>
    [Theory]
    [InlineData(5_000, true)]
    [InlineData(-1, false)]
    public async Task Service_HasCompilersYield_AfterItsTimeAndAgainLater(int after, bool yields)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads have a nice value on Linux.");
        var clock = new FakeTimeProvider();
        using var keeper = new ThreadKeeper(Options.Create(new ServingOptions { CompilerYieldsAfter = TimeSpan.FromMilliseconds(after) }), clock);
        using var compiler = new NamedThread(Compiler);
        var before = compiler.Nice;
        await keeper.StartAsync(TestContext.Current.CancellationToken);
        for (var look = 0; look < 19; look++) await LookAsync(clock);
        compiler.Nice.ShouldBe(before, "4.75 s are not 5");
        for (var look = 0; look < (yields ? 1000 : 20) && (!yields || compiler.Nice == before); look++) await LookAsync(clock);
        compiler.Nice.ShouldBe(yields ? ThreadPrecedence.Nice : before);
        using var later = new NamedThread(Compiler);
        for (var look = 0; look < (yields ? 1000 : 20) && (!yields || later.Nice == before); look++) await LookAsync(clock);
        later.Nice.ShouldBe(yields ? ThreadPrecedence.Nice : before, "the runtime makes them anew");
        await keeper.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task LookAsync(FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(250));
        return Task.Delay(15);
    }

    private static ThreadKeeper Keeper() => new(Options.Create(new ServingOptions()), TimeProvider.System);

    private sealed class NamedThread : IDisposable
    {
        private readonly ManualResetEventSlim _end = new();
        private readonly Thread _thread;
        private string _folder = "";

        public NamedThread(string name)
        {
            using var there = new ManualResetEventSlim();
            _thread = new Thread(() =>
            {
                _folder = "/proc/" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "/task/" + File.ResolveLinkTarget("/proc/thread-self", false)!.Name;
                there.Set();
                _end.Wait();
            }) { IsBackground = true };
            _thread.Start();
            there.Wait();
            Name = name;
        }

        public string Name
        {
            set => File.WriteAllText(Path.Combine(_folder, "comm"), value);
        }

        /// <summary>The 19th field of proc(5)'s stat; the second is in brackets and may hold blanks.</summary>
        public int Nice
        {
            get
            {
                var stat = File.ReadAllText(Path.Combine(_folder, "stat"));
                return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
            }
        }

        /// <summary>Nanoseconds; null where the kernel does not tell.</summary>
        public long? Slice
        {
            get
            {
                var file = Path.Combine(_folder, "sched");
                if (!File.Exists(file)) return null;
                var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("se.slice", StringComparison.Ordinal));
                return line is null ? null : long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
            }
        }

        public void Dispose()
        {
            _end.Set();
            _thread.Join();
            _end.Dispose();
        }
    }
}
