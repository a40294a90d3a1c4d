using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Tests.Limits;

/// <summary>Keeps a scoring thread until it is released.</summary>
internal sealed class Blocker(ManualResetEventSlim release) : ScoringWork(0, 0, CancellationToken.None)
{
    protected override void Execute() => release.Wait(TimeSpan.FromSeconds(30));
}
