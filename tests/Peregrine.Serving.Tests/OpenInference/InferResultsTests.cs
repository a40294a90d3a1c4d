using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Serving.OpenInference.Answers;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class InferResultsTests
{
    /// <summary>They are used again for endpoints of other models: nothing of the one before may be left.</summary>
    [Fact]
    public void Add_AfterAnotherModel_HoldsTheNumbersOfItsOwn()
    {
        var results = new InferResults();
        foreach (var model in (ModelArtifact[])[TestModels.Clusters(), TestModels.Binary(), TestModels.Clusters()])
        {
            var compiled = CompiledModel.Compile(model);
            var isClustering = compiled.Spec.Prediction == PredictionKind.Clustering;
            var context = compiled.Rent();
            context.Record.Clear();
            context.Record.SetNumber(0, 12.5);
            context.Record.SetText(1, "FR"u8);
            context.Record.SetNumber(2, 1);
            context.Record.SetNumber(3, 1769860800);
            compiled.Score(context);
            results.Begin(compiled.Spec);
            results.Add(context);
            results.Values.ToArray().ShouldAllBe(value => double.IsFinite(value));
            results.Values.ToArray().ShouldBe((isClustering ? context.Scores : context.Probabilities).ToArray());
            results.Classes.ToArray().ShouldBe([context.PredictedClass]);
            results.Nearest.ToArray().ShouldBe([context.Value]);

            if (!isClustering) continue;
            context.Record.Clear();
            compiled.Score(context);
            results.Begin(compiled.Spec);
            results.Add(context);
            results.Values.ToArray().ShouldBe([double.NaN, double.NaN, double.NaN]);
            results.Nearest.ToArray().ShouldBe([double.NaN]);
            results.Classes.ToArray().ShouldBe([4]);
            (results.Rows, results.Ignored).ShouldBe((1, 1));
        }
    }
}
