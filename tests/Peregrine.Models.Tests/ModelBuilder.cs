using System.Text;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Models.Tests;

/// <summary>A valid model with one number <c>x</c> and a logistic predictor; a test says only what it is about.</summary>
internal sealed class ModelBuilder
{
    private readonly List<Field> _inputs = [];
    private readonly List<FeatureSpec> _features = [];
    private readonly List<PreparationStep> _steps = [];
    private readonly Dictionary<string, LookupTable> _lookups = new(StringComparer.Ordinal);
    private PredictorSpec? _predictor;
    private TreeEnsemble? _trees;

    public ModelBuilder Input(string name, FieldKind kind = FieldKind.Number)
    {
        _inputs.Add(new(name, kind));
        return this;
    }

    public ModelBuilder Step(PreparationStep step)
    {
        _steps.Add(step);
        return this;
    }

    public ModelBuilder Feature(FeatureSpec feature)
    {
        _features.Add(feature);
        return this;
    }

    public ModelBuilder Lookup(string name, LookupTable table)
    {
        _lookups[name] = table;
        return this;
    }

    public ModelBuilder Trees(TreeEnsemble trees, Link link = Link.Logistic)
    {
        _trees = trees;
        _predictor = new TreePredictorSpec { Link = link };
        return this;
    }

    public ModelBuilder Linear(double intercept, params double[] weights)
    {
        _predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [weights], Intercepts = [intercept] };
        return this;
    }

    public ModelArtifact Build(Func<ModelSpec, ModelSpec>? change = null)
    {
        if (_inputs.Count == 0) Input("x");
        if (_features.Count == 0) Feature(new NumberFeature { Field = _inputs[0].Name });
        var spec = new ModelSpec
        {
            Prediction = PredictionKind.BinaryClassification, Target = "y", Classes = ["0", "1"], Inputs = _inputs, Steps = _steps,
            Features = _features, Predictor = _predictor ?? new LinearPredictorSpec { Link = Link.Logistic, Weights = [[1.0]], Intercepts = [0] },
        };
        return new() { Spec = change?.Invoke(spec) ?? spec, Trees = _trees, Lookups = _lookups };
    }

    public CompiledModel Compile(Func<ModelSpec, ModelSpec>? change = null) => CompiledModel.Compile(Build(change));

    /// <summary>Scores one JSON object of features.</summary>
    public static ScoringContext Score(CompiledModel model, string json)
    {
        var context = model.Rent();
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json));
        new RecordReader(model.Inputs, [], refuseUnknown: true, refuseMissing: false).Read(ref scanner, context.Record).ShouldBe(RecordFault.None);
        model.Score(context);
        return context;
    }
}
