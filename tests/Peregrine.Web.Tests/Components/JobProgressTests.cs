using Bunit;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.Components;

public sealed class JobProgressTests : BunitContext
{
    [Fact]
    public void Job_ThatRuns_ShowsHowFarAndCanBeStopped()
    {
        var stopped = false;
        var job = Render<JobProgress>(p => p.Add(j => j.Title, "Training").Add(j => j.State, JobState.Running).Add(j => j.Fraction, 0.62)
            .Add(j => j.OnCancel, () => stopped = true));
        job.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("62");
        job.Find("button").Click();
        stopped.ShouldBeTrue();
    }

    [Fact]
    public void Job_OfUnknownLength_ClaimsNoNumber()
    {
        var job = Render<JobProgress>(p => p.Add(j => j.Title, "Reading").Add(j => j.State, JobState.Running));
        job.Find("[role=progressbar]").HasAttribute("aria-valuenow").ShouldBeFalse();
    }
}
