using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class QueryLogPauseTests
{
    [Theory]
    [InlineData(50, 0, 50)] // nothing to write
    [InlineData(50, 64 * 1024, 50)] // just a turn's worth
    [InlineData(50, 640 * 1024, 5)] // ten times as much: a tenth of the pause
    [InlineData(5, 64 * 1024, 5)] // and there it stays
    [InlineData(5, 8 * 1024, 40)] // until less comes
    [InlineData(2, 64 * 1024 * 1024, 2)] // never shorter
    [InlineData(0, 8 * 1024, 2)] // after a turn that left some
    public void NextPause_KeepsTurnsOfTheWriterShort(int last, long waiting, int wanted) =>
        QueryLogWriter.NextPause(TimeSpan.FromMilliseconds(last), waiting, TimeSpan.FromMilliseconds(50)).ShouldBe(TimeSpan.FromMilliseconds(wanted), TimeSpan.FromMilliseconds(0.01));

    [Theory]
    [InlineData(0, 64)]
    [InlineData(200, 64)]
    [InlineData(2_000, 500)]
    [InlineData(8_000, 2_000)]
    public void BytesOfTurn_KeepsATurnShortWhateverWaits(long waiting, long wanted) => QueryLogWriter.BytesOfTurn(waiting * 1024).ShouldBe(wanted * 1024);

    [Fact]
    public void NextPause_ShortLongest_IsKept() =>
        QueryLogWriter.NextPause(TimeSpan.FromMilliseconds(1), 0, TimeSpan.FromMilliseconds(1)).ShouldBe(TimeSpan.FromMilliseconds(1));
}
