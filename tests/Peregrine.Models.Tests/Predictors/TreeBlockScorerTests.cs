using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Predictors;

public sealed class TreeBlockScorerTests
{
    /// <summary>From 65 leaves on a tree is walked; 64 and fewer are struck out.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(31, true)]
    [InlineData(64, true)]
    [InlineData(65, true)]
    [InlineData(200, true)]
    [InlineData(31, false)]
    [InlineData(64, false)]
    [InlineData(65, false)]
    public void Score_RandomTreesAndRows_GivesTheBitsOfThePlainWalk(int leaves, bool wide)
    {
        var random = new Random(leaves);
        for (var round = 0; round < 40; round++)
        {
            var trees = RandomTrees.Make(random, trees: 1 + random.Next(20), width: 1 + random.Next(7), leaves);
            var scorer = new TreeBlockScorer(new TreeLayout(trees), trees.SetWords, trees.Width, 1, 1, wide);
            var block = BlockOf(trees.Width);
            var rows = round % (ScoringBlock.Rows + 1);
            for (var row = 0; row < rows; row++) RandomTrees.Row(random, trees).CopyTo(block[row].FeatureValues, 0);
            scorer.Score(block.Contexts[..rows], new double[scorer.ScratchLength]);
            for (var row = 0; row < rows; row++)
                BitConverter.DoubleToInt64Bits(block[row].RawScores[0]).ShouldBe(BitConverter.DoubleToInt64Bits(RandomTrees.PlainScore(trees, block[row].FeatureValues)));
        }
    }

    [Fact]
    public void Score_TreesOfAllSizesTogether_GivesTheBitsOfThePlainWalk()
    {
        var random = new Random(7);
        var (small, large) = (RandomTrees.Make(random, 5, 4, 20), RandomTrees.Make(random, 5, 4, 90));
        foreach (var trees in new[] { small, large })
        {
            var model = CompiledModel.Compile(Model(trees));
            var block = model.RentBlock();
            for (var row = 0; row < ScoringBlock.Rows; row++) Fill(block[row].Record, RandomTrees.Row(random, trees));
            model.Score(block, ScoringBlock.Rows);
            for (var row = 0; row < ScoringBlock.Rows; row++) block[row].Scores[0].ShouldBe(RandomTrees.PlainScore(trees, block[row].FeatureValues));
        }
    }

    [Fact]
    public void Score_AveragedTreesOfSeveralOutputs_AddsAndDividesAsForOneRow()
    {
        var random = new Random(3);
        var made = RandomTrees.Make(random, 9, 5, 40);
        var trees = new TreeEnsemble
        {
            Width = made.Width, Outputs = 3, Average = true, Roots = made.Roots, Feature = made.Feature, Threshold = made.Threshold, Left = made.Left, Right = made.Right,
            Flags = made.Flags, LeafValue = made.LeafValue, SetStarts = made.SetStarts, SetWords = made.SetWords, NodeCover = made.NodeCover, LeafCover = made.LeafCover,
        };
        var predictor = new TreePredictor(trees, trees.Width);
        var block = BlockOf(trees.Width, outputs: 3);
        for (var row = 0; row < ScoringBlock.Rows; row++) RandomTrees.Row(random, trees).CopyTo(block[row].FeatureValues, 0);
        predictor.ScoreBlock(block.Contexts, new double[predictor.BlockScratchLength]);
        var single = new double[3];
        for (var row = 0; row < ScoringBlock.Rows; row++)
        {
            predictor.Score(block[row].FeatureValues, new double[predictor.ScratchLength], single);
            block[row].RawScores.ShouldBe(single);
        }
    }

    [Fact]
    public void ScoreBlock_TenThousandRecords_GivesTheBitsOfOneByOneAndLeavesOutTheIgnored()
    {
        var random = new Random(11);
        var trees = RandomTrees.Make(random, 60, 6, 31);
        var model = CompiledModel.Compile(Model(trees) with { Spec = Model(trees).Spec with { DropIfMissing = ["x0"] } });
        var (block, single) = (model.RentBlock(), model.Rent());
        for (var done = 0; done < 10_000; done += ScoringBlock.Rows)
        {
            var rows = Enumerable.Range(0, ScoringBlock.Rows).Select(_ => RandomTrees.Row(random, trees)).ToArray();
            for (var row = 0; row < rows.Length; row++) Fill(block[row].Record, rows[row]);
            model.Score(block, rows.Length);
            for (var row = 0; row < rows.Length; row++)
            {
                Fill(single.Record, rows[row]);
                model.Score(single);
                block[row].IgnoreReason.ShouldBe(single.IgnoreReason);
                block[row].IgnoreReason.ShouldBe(double.IsNaN(rows[row][0]) ? CompiledModel.IgnoredByModel : null);
                if (single.IgnoreReason is not null) continue;
                block[row].Probabilities.ToArray().ShouldBe(single.Probabilities.ToArray());
                block[row].PredictedClass.ShouldBe(single.PredictedClass);
            }
        }
    }

    private static ScoringBlock BlockOf(int width, int outputs = 1) =>
        new(Enumerable.Range(0, ScoringBlock.Rows).Select(_ => new ScoringContext(null!, 0, width, 0, outputs, 0)), 0);

    private static Peregrine.Models.Artifacts.ModelArtifact Model(TreeEnsemble trees)
    {
        var model = new ModelBuilder().Trees(trees);
        for (var i = 0; i < trees.Width; i++) model.Input($"x{i}").Feature(new NumberFeature { Field = $"x{i}" });
        return model.Build();
    }

    private static void Fill(TypedRecord record, double[] row)
    {
        record.Clear();
        for (var i = 0; i < row.Length; i++) record.SetNumber(i, row[i]);
    }
}
