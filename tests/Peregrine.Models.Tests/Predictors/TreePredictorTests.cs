using Peregrine.Models.Predictors;

namespace Peregrine.Models.Tests.Predictors;

public sealed class TreePredictorTests
{
    /// <summary>One numeric node at threshold 0: leaf 1 left, leaf 2 right. decision_type 2/4/6/8/10, expected sides from LightGBM itself.</summary>
    [Theory]
    [InlineData(2, double.NaN, 1)]
    [InlineData(4, double.NaN, 2)]
    [InlineData(6, double.NaN, 1)]
    [InlineData(8, double.NaN, 2)]
    [InlineData(10, double.NaN, 1)]
    [InlineData(2, 0.0, 1)]
    [InlineData(4, 0.0, 2)]
    [InlineData(6, 0.0, 1)]
    [InlineData(8, 0.0, 1)]
    [InlineData(10, 0.0, 1)]
    [InlineData(4, -1e-36, 2)]
    [InlineData(8, -1e-36, 1)]
    [InlineData(2, 1e-30, 2)]
    [InlineData(4, 1e-30, 2)]
    [InlineData(10, 1e-30, 2)]
    [InlineData(8, double.NegativeInfinity, 1)]
    [InlineData(10, double.PositiveInfinity, 2)]
    public void Score_NumericNode_FollowsLightGbmsMissingRules(int decision, double value, double expected) =>
        Score(Stump($"decision_type={decision}"), [value]).ShouldBe([expected]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(33, 1)]
    [InlineData(0.9, 1)]
    [InlineData(-0.5, 1)]
    [InlineData(1, 2)]
    [InlineData(32, 2)]
    [InlineData(64, 2)]
    [InlineData(-1, 2)]
    [InlineData(double.NaN, 2)]
    [InlineData(1e10, 2)]
    public void Score_CategoryNode_FollowsLightGbmsBitSet(double value, double expected) =>
        Score(Stump("decision_type=1\nnum_cat=1\ncat_boundaries=0 2\ncat_threshold=5 2"), [value]).ShouldBe([expected]);

    [Fact]
    public void Score_ConstantTree_IsItsLeaf() =>
        Score(Model(1, "num_leaves=1\nnum_cat=0\nleaf_value=0.25"), [7]).ShouldBe([0.25]);

    [Fact]
    public void Score_AveragedTrees_DividesByTreesPerOutput() =>
        Score(Model(1, ["leaf_value=1", "leaf_value=2"], average: true), [0]).ShouldBe([1.5]);

    [Fact]
    public void Score_SeveralOutputs_TakesTreesInTurn() =>
        Score(Model(2, "leaf_value=1", "leaf_value=10", "leaf_value=2", "leaf_value=20"), [0]).ShouldBe([3, 30]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(29)]
    public void Score_RandomForest_EqualsAPlainWalkBitForBit(int trees)
    {
        var random = new Random(trees);
        var ensemble = RandomTrees.Make(random, trees, width: 6, leaves: 24);
        var predictor = new TreePredictor(ensemble, 6);
        var scratch = new double[predictor.ScratchLength];
        var scores = new double[1];
        for (var row = 0; row < 2_000; row++)
        {
            var features = RandomTrees.Row(random, ensemble);
            predictor.Score(features, scratch, scores);
            BitConverter.DoubleToInt64Bits(scores[0]).ShouldBe(BitConverter.DoubleToInt64Bits(RandomTrees.PlainScore(ensemble, features)));
        }
    }

    [Fact]
    public void Parse_ForeignText_IsRefused()
    {
        Should.Throw<ModelException>(() => LightGbmModelText.Parse("booster: gbtree"));
        Should.Throw<ModelException>(() => LightGbmModelText.Parse("tree\nversion=v9\n"));
        Should.Throw<ModelException>(() => Model(1, "num_leaves=1\nis_linear=1\nleaf_value=1")).Message.ShouldContain("linear leaves");
        Should.Throw<ModelException>(() => Model(1, "num_leaves=2\nleaf_value=1 2\nsplit_feature=5\nthreshold=0\ndecision_type=2\nleft_child=-1\nright_child=-2"));
    }

    private static TreeEnsemble Stump(string decision) => Model(1,
        $"num_leaves=2\nsplit_feature=0\nthreshold=0\nleft_child=-1\nright_child=-2\nleaf_value=1 2\ninternal_count=3\nleaf_count=1 2\n{decision}");

    private static TreeEnsemble Model(int outputs, params string[] trees) => Model(outputs, trees, average: false);

    private static TreeEnsemble Model(int outputs, string[] trees, bool average)
    {
        var blocks = trees.Select((tree, i) => $"Tree={i}\n{tree}\n");
        return LightGbmModelText.Parse(
            $"tree\nversion=v4\nnum_class={outputs}\nnum_tree_per_iteration={outputs}\nlabel_index=0\nmax_feature_idx=0\n"
            + (average ? "average_output\n" : "") + $"feature_names=x\nfeature_infos=none\n\n{string.Join('\n', blocks)}\nend of trees\n").ToEnsemble();
    }

    private static double[] Score(TreeEnsemble ensemble, double[] features)
    {
        var predictor = new TreePredictor(ensemble, features.Length);
        var scores = new double[predictor.Outputs];
        predictor.Score(features, new double[predictor.ScratchLength], scores);
        return scores;
    }
}
