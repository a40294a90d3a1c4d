using Microsoft.Extensions.Options;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Tests.Limits;

public sealed class AdmissionGateTests
{
    [Fact]
    public void TryEnter_AtTheLimit_RefusesOneMoreUntilOneExits()
    {
        var gate = new AdmissionGate(Options.Create(new LimitOptions { ConcurrentRequests = 3 }));
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeFalse();
        gate.Inside.ShouldBe(3);
        gate.Exit();
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeFalse();
    }

    [Fact]
    public async Task TryEnter_FromManyThreads_NeverLetsMoreIn()
    {
        const int Limit = 5;
        var gate = new AdmissionGate(Options.Create(new LimitOptions { ConcurrentRequests = Limit }));
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (!gate.TryEnter()) continue;
                var now = Interlocked.Increment(ref inside);
                if (now > Volatile.Read(ref most)) Volatile.Write(ref most, now);
                Interlocked.Decrement(ref inside);
                gate.Exit();
            }
        })));
        most.ShouldBeInRange(1, Limit);
        gate.Inside.ShouldBe(0);
    }
}
