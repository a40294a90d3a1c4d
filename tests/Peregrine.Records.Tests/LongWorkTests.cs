namespace Peregrine.Records.Tests;

public sealed class LongWorkTests
{
    [Fact]
    public void GiveWay_DoesWhatTheThreadWasTold_AndNothingOnOthers()
    {
        var times = 0;
        var thread = new Thread(() =>
        {
            LongWork.GiveWay();
            LongWork.OnThisThread(() => times++);
            LongWork.GiveWay();
            LongWork.GiveWay();
            LongWork.OnThisThread(null);
            LongWork.GiveWay();
        });
        thread.Start();
        thread.Join();
        LongWork.GiveWay();
        times.ShouldBe(2);
    }
}
