using Peregrine.Serving.Drift;

namespace Peregrine.Serving.Tests.Drift;

public sealed class StripedCellsTests
{
    [Fact]
    public async Task Raise_WhileOthersRaiseAndDrain_LosesNothing()
    {
        const int Writers = 8;
        const int Rows = 20_000;
        int[] row = [0, 3, 6, 6];
        var cells = new StripedCells(7);
        var sums = new long[7];
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Rows; i++) cells.Raise(row);
        })));
        while (!writing.IsCompleted) cells.Drain(sums);
        await writing;
        cells.Drain(sums);
        sums.ShouldBe([Writers * Rows, 0, 0, Writers * Rows, 0, 0, 2 * Writers * Rows]);
        cells.Drain(sums).ShouldBeFalse();
    }
}
