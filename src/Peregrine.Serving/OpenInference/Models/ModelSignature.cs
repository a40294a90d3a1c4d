using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>An endpoint of one generation as the protocol sees it: a model with tensors, named once, with every constant piece made ahead.</summary>
internal sealed class ModelSignature
{
    public const string Platform = "peregrine";

    /// <summary>What stands in an answer for the label of a record that was not scored.</summary>
    private static readonly byte[] s_noLabel = "\"\""u8.ToArray();

    private static long s_made;

    private readonly EndpointExplainer _explainer;
    private OutputTensor? _explanations;

    public ModelSignature(string service, string generation, PredictionEndpoint prediction, EndpointExplainer explainer)
    {
        _explainer = explainer;
        Name = NameOf(service, prediction.Id);
        Version = generation;
        Spec = prediction.Model.Spec;
        IsQuiet = prediction.Settings.Quiet;
        JsonHead = [.. "{\"model_name\":"u8, .. JsonText.Quote(Name), .. ",\"model_version\":"u8, .. JsonText.Quote(generation)];
        Utf8Name = Encoding.UTF8.GetBytes(Name);
        Utf8Version = Encoding.UTF8.GetBytes(generation);
        Labels = [.. Spec.Classes.Select(Encoding.UTF8.GetBytes), []];
        QuotedLabels = [.. Spec.Classes.Select(JsonText.Quote), s_noLabel];
        LogNames = [.. Spec.Inputs.Select(input => (byte[])[.. JsonText.Quote(input.Name), (byte)':'])];
        Outputs = [.. OutputsOf(Spec)];
    }

    /// <summary>1 or more; no other signature of the process has it, also not one of the same generation loaded again.</summary>
    public long Number { get; } = Interlocked.Increment(ref s_made);

    /// <summary><c>{service}.{endpoint}</c>.</summary>
    public string Name { get; }

    /// <summary>The generation.</summary>
    public string Version { get; }

    public ModelSpec Spec { get; }

    /// <summary>Whether callers are told nothing of the inputs.</summary>
    public bool IsQuiet { get; }

    /// <summary>The inputs that callers are told of.</summary>
    public IReadOnlyList<Field> ToldInputs => IsQuiet ? [] : Spec.Inputs;

    /// <summary>What an answer holds where nothing else is asked for.</summary>
    public OutputTensor[] Outputs { get; }

    /// <summary>The output <c>explanations</c>, whose elements are the fields; null when results cannot be explained.</summary>
    public OutputTensor? Explanations => _explanations ?? MakeExplanations();

    public byte[] Utf8Name { get; }

    public byte[] Utf8Version { get; }

    /// <summary>An answer up to the version.</summary>
    public byte[] JsonHead { get; }

    /// <summary>Class labels, and behind them the empty one of records that were not scored.</summary>
    public byte[][] Labels { get; }

    /// <summary><see cref="Labels"/> as JSON strings.</summary>
    public byte[][] QuotedLabels { get; }

    /// <summary>Names of the inputs, each with its colon, for the query log.</summary>
    public byte[][] LogNames { get; }

    public InferStatistics Statistics { get; } = new();

    public static string NameOf(string service, string endpoint) => $"{service}.{endpoint}";

    /// <summary>The data type that an input of a kind is declared with; others are taken too.</summary>
    public static TensorType TypeOf(FieldKind kind) => kind switch
    {
        FieldKind.Number or FieldKind.Integer => TensorType.Fp64,
        FieldKind.Boolean => TensorType.Bool,
        _ => TensorType.Bytes,
    };

    /// <summary>An output by the number that <see cref="FindOutput"/> gives.</summary>
    public OutputTensor OutputAt(int number) => number < Outputs.Length ? Outputs[number] : Explanations!;

    /// <returns>Its place in <see cref="Outputs"/>, the place behind them for <see cref="Explanations"/>, or -1.</returns>
    public int FindOutput(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Outputs.Length; i++)
            if (name.SequenceEqual(Outputs[i].Utf8Name)) return i;
        return name.SequenceEqual("explanations"u8) ? Outputs.Length : -1;
    }

    /// <summary>Made when first asked for, since it needs the explainer made.</summary>
    private OutputTensor? MakeExplanations()
    {
        if (_explainer.Problem is not null) return null;
        var names = new JsonArray([.. _explainer.Fields.Select(name => (JsonNode)name)]).ToJsonString();
        return _explanations = new OutputTensor("explanations", OutputKind.Explanations, TensorType.Fp64, _explainer.Fields.Count, isMatrix: true, names);
    }

    private static IEnumerable<OutputTensor> OutputsOf(ModelSpec spec)
    {
        var isClassifier = spec.Classes.Count > 0;
        yield return new OutputTensor("prediction", OutputKind.Prediction, isClassifier ? TensorType.Bytes : TensorType.Fp64, 1, isMatrix: false);
        if (spec.Predictor is CentroidPredictorSpec centroids)
        {
            yield return new OutputTensor("distance", OutputKind.Distance, TensorType.Fp64, 1, isMatrix: false);
            yield return new OutputTensor("distances", OutputKind.Distances, TensorType.Fp64, centroids.Centroids.Count, isMatrix: true);
        }
        else if (isClassifier) yield return new OutputTensor("probas", OutputKind.Probas, TensorType.Fp64, spec.Classes.Count, isMatrix: true);
        if (spec.Percentiles is not null) yield return new OutputTensor("probaPercentile", OutputKind.Percentile, TensorType.Int32, 1, isMatrix: false);
        yield return new OutputTensor("ignoreReason", OutputKind.IgnoreReason, TensorType.Bytes, 1, isMatrix: false);
    }
}
