using Peregrine.Models.Predictors;

namespace Peregrine.Models.Tests.Predictors;

public sealed class TreeRowScorerTests
{
    /// <summary>Words of 32 bits, of 64 bits, and trees that are too large for a word.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 20)]
    [InlineData(31, 150)]
    [InlineData(32, 150)]
    [InlineData(33, 150)]
    [InlineData(64, 150)]
    [InlineData(65, 20)]
    public void Score_RandomTreesAndRows_GivesTheBitsOfThePlainWalk(int leaves, int mostTrees)
    {
        var random = new Random(leaves);
        var score = new double[1];
        for (var round = 0; round < 40; round++)
        {
            var trees = RandomTrees.Make(random, trees: 1 + random.Next(mostTrees), width: 1 + random.Next(7), leaves);
            var predictor = new TreePredictor(trees, trees.Width);
            var scratch = new double[predictor.ScratchLength];
            for (var row = 0; row < 20; row++)
            {
                var features = RandomTrees.Row(random, trees);
                predictor.Score(features, scratch, score);
                BitConverter.DoubleToInt64Bits(score[0]).ShouldBe(BitConverter.DoubleToInt64Bits(RandomTrees.PlainScore(trees, features)));
            }
        }
    }

    /// <summary>Codes by the thousand have no rows of their own: 2,000 words are 64,000 codes.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(2_000)]
    public void Score_CategoriesOfManyCodes_GivesTheBitsOfThePlainWalk(int mostSetWords)
    {
        var random = new Random(mostSetWords);
        var score = new double[1];
        for (var round = 0; round < 5; round++)
        {
            var trees = RandomTrees.Make(random, trees: 20, width: 3, leaves: 25, mostSetWords);
            var predictor = new TreePredictor(trees, trees.Width);
            for (var row = 0; row < 200; row++)
            {
                var features = RandomTrees.Row(random, trees);
                predictor.Score(features, new double[predictor.ScratchLength], score);
                BitConverter.DoubleToInt64Bits(score[0]).ShouldBe(BitConverter.DoubleToInt64Bits(RandomTrees.PlainScore(trees, features)));
            }
        }
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    public void TryMake_TreesOfMoreLeavesThanAWordHasBits_LeavesThemToTheWalk(int leaves, bool walks)
    {
        var trees = RandomTrees.Make(new Random(1), 3, 4, leaves);
        (TreeRowScorer.TryMake(new TreeLayout(trees), trees.SetWords, outputs: 1) is null).ShouldBe(walks);
    }

    [Fact]
    public void Score_SeveralOutputs_GivesTheBitsOfTheWalk()
    {
        var random = new Random(5);
        var made = RandomTrees.Make(random, 9, 5, 30);
        var trees = new TreeEnsemble
        {
            Width = made.Width, Outputs = 3, Average = true, Roots = made.Roots, Feature = made.Feature, Threshold = made.Threshold, Left = made.Left, Right = made.Right,
            Flags = made.Flags, LeafValue = made.LeafValue, SetStarts = made.SetStarts, SetWords = made.SetWords, NodeCover = made.NodeCover, LeafCover = made.LeafCover,
        };
        var (striking, walking) = (new TreePredictor(trees, trees.Width), new TreePredictor(trees, trees.Width, walk: true));
        var (struck, walked) = (new double[3], new double[3]);
        for (var row = 0; row < 500; row++)
        {
            var features = RandomTrees.Row(random, trees);
            striking.Score(features, new double[striking.ScratchLength], struck);
            walking.Score(features, new double[walking.ScratchLength], walked);
            struck.ShouldBe(walked);
        }
    }
}
