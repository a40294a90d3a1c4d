using System.Collections.Concurrent;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Drift;
using Peregrine.Models.Explanations;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models;

/// <summary>
/// A model ready to score: the one program that evaluates in training, scores in batch and answers on the API node. Thread-safe and immutable.
/// </summary>
public sealed class CompiledModel
{
    /// <summary>The reason of rows that lack a field the model cannot do without.</summary>
    public const string IgnoredByModel = "IGNORED_BY_MODEL";

    private const int MostPooledContexts = 64;
    private const int MostPooledBlocks = 16;
    private readonly ConcurrentQueue<ScoringContext> _contexts = new();
    private readonly ConcurrentQueue<ScoringBlock> _blocks = new();
    private readonly FeatureProgram _program;
    private readonly Predictor _predictor;
    private readonly TreeEnsemble? _trees;
    private readonly int[] _dropIfMissing;
    private readonly double[] _percentiles;
    private readonly Link _link;
    private readonly double _slope;
    private readonly double _outlierDistance;

    private CompiledModel(ModelSpec spec, FeatureProgram program, Predictor predictor, TreeEnsemble? trees)
    {
        Spec = spec;
        _program = program;
        _predictor = predictor;
        _trees = trees;
        _link = spec.Predictor.Link;
        _slope = (spec.Predictor as TreePredictorSpec)?.Slope ?? 1;
        _outlierDistance = (spec.Predictor as CentroidPredictorSpec)?.OutlierDistance ?? double.PositiveInfinity;
        _percentiles = [.. spec.Percentiles ?? []];
        _dropIfMissing = [.. spec.DropIfMissing.Select(SlotOf)];
    }

    public ModelSpec Spec { get; }

    /// <summary>What training saw; null in models of before.</summary>
    public TrainingReference? Reference { get; private init; }

    /// <summary>What a caller sends; slot i of a record is field i.</summary>
    public RecordSchema Inputs => _program.Inputs;

    /// <summary>A record after scoring: the inputs and, behind them, what preparation made. Slot i is field i.</summary>
    public RecordSchema Prepared => _program.Layout;

    /// <summary>The columns of the predictor's input, in order.</summary>
    public IReadOnlyList<FeatureColumn> Columns => _program.Columns;

    /// <exception cref="ModelException">The parts do not fit each other; the message says which.</exception>
    public static CompiledModel Compile(ModelArtifact artifact)
    {
        var spec = artifact.Spec;
        var program = FeatureProgram.Compile(spec.Inputs, spec.Steps, spec.Features, artifact.Lookups);
        Predictor predictor = spec.Predictor switch
        {
            LinearPredictorSpec linear => new LinearPredictor(linear, program.Width),
            TreePredictorSpec => new TreePredictor(artifact.Trees ?? throw new ModelException("The model names trees but holds none."), program.Width),
            CentroidPredictorSpec centroids => new CentroidPredictor(centroids, program.Width),
            _ => throw new ModelException("The model has a predictor of an unknown kind."),
        };
        CheckShape(spec, predictor.Outputs);
        artifact.Reference?.EnsureFits(spec);
        return new(spec, program, predictor, artifact.Trees) { Reference = artifact.Reference };
    }

    /// <summary>A context to score with; its record is clear. Give it back with <see cref="Return(ScoringContext)"/>.</summary>
    public ScoringContext Rent()
    {
        if (!_contexts.TryDequeue(out var context)) return NewContext();
        context.Record.Clear();
        return context;
    }

    public void Return(ScoringContext context)
    {
        if (context.Model != this) throw new ArgumentException("The context belongs to another model.", nameof(context));
        if (_contexts.Count < MostPooledContexts) _contexts.Enqueue(context);
    }

    /// <summary>A block to score rows together with; clear each record before binding it. Give it back with <see cref="Return(ScoringBlock)"/>.</summary>
    public ScoringBlock RentBlock() => _blocks.TryDequeue(out var block)
        ? block
        : new(Enumerable.Range(0, ScoringBlock.Rows).Select(_ => NewContext()), _predictor.BlockScratchLength);

    public void Return(ScoringBlock block)
    {
        if (block.Model != this) throw new ArgumentException("The block belongs to another model.", nameof(block));
        if (_blocks.Count < MostPooledBlocks) _blocks.Enqueue(block);
    }

    /// <summary>Scores the first rows of a block, each to the very bits of <see cref="Score(ScoringContext)"/>, at a fraction of its cost with trees. Allocates nothing.</summary>
    /// <param name="rows">0 to <see cref="ScoringBlock.Rows"/>.</param>
    public void Score(ScoringBlock block, int rows)
    {
        var live = 0;
        foreach (var context in block.Contexts[..rows])
        {
            context.IgnoreReason = _program.Run(context.Record, context.FeatureValues) ?? (IsDropped(context.Record) ? IgnoredByModel : null);
            if (context.IgnoreReason is null) block.Live[live++] = context;
        }

        var scored = block.Live.AsSpan(0, live);
        _predictor.ScoreBlock(scored, block.Scratch);
        foreach (var context in scored) Decide(context);
    }

    /// <summary>Scores the context's record and leaves the result in the context. O(steps + features + trees · depth); allocates nothing.</summary>
    public void Score(ScoringContext context)
    {
        context.IgnoreReason = _program.Run(context.Record, context.FeatureValues) ?? (IsDropped(context.Record) ? IgnoredByModel : null);
        if (context.IgnoreReason is not null) return;
        _predictor.Score(context.FeatureValues, context.Scratch, context.RawScores);
        Decide(context);
    }

    /// <summary>What explains this model's rows; takes milliseconds to make.</summary>
    /// <param name="mostTableBytes">Memory that it may take to be fast, in bytes: 0 or more.</param>
    /// <exception cref="ModelException">The model was trained without what explanations need; the message says what.</exception>
    public Explainer CreateExplainer(long mostTableBytes) => Explainer.Create(this, _predictor, _trees, mostTableBytes);

    private ScoringContext NewContext() =>
        new(this, _program.Layout.Count, _program.Width, _predictor.ScratchLength, _predictor.Outputs, _link == Link.Nearest ? 0 : Spec.Classes.Count);

    private void Decide(ScoringContext context)
    {
        var scores = context.RawScores;
        var probabilities = context.ClassProbabilities;
        context.PredictedClass = -1;
        context.Percentile = -1;
        switch (_link)
        {
            case Link.Logistic:
                DecideBinary(context, 1 / (1 + Math.Exp(-_slope * scores[0])));
                break;
            case Link.Probability when scores.Length == 1:
                DecideBinary(context, Math.Clamp(scores[0], 0, 1));
                break;
            case Link.Probability:
                Normalise(scores, probabilities);
                context.PredictedClass = IndexOfLargest(probabilities);
                break;
            case Link.Softmax:
                Softmax(scores, probabilities);
                context.PredictedClass = IndexOfLargest(probabilities);
                break;
            case Link.Nearest:
                DecideNearest(context, scores);
                break;
            default:
                context.Value = scores[0];
                break;
        }
    }

    private void DecideBinary(ScoringContext context, double positive)
    {
        context.ClassProbabilities[1] = positive;
        context.ClassProbabilities[0] = 1 - positive;
        context.PredictedClass = positive >= Spec.Threshold ? 1 : 0;
        if (_percentiles.Length > 0) context.Percentile = PercentileOf(positive);
    }

    /// <summary>A record with a distance that is no number, or too large for one, lies nowhere and is not scored.</summary>
    private void DecideNearest(ScoringContext context, ReadOnlySpan<double> distances)
    {
        var nearest = 0;
        for (var i = 1; i < distances.Length; i++)
            if (distances[i] < distances[nearest]) nearest = i;
        context.Value = distances[nearest];
        if (!double.IsFinite(context.Value)) context.IgnoreReason = IgnoredByModel;
        else context.PredictedClass = context.Value > _outlierDistance ? distances.Length : nearest;
    }

    /// <summary>Scales shares to a sum of 1; equal ones when all are 0.</summary>
    private static void Normalise(ReadOnlySpan<double> shares, Span<double> probabilities)
    {
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++) sum += probabilities[i] = Math.Max(0, shares[i]);
        if (sum > 0)
            foreach (ref var probability in probabilities) probability /= sum;
        else probabilities.Fill(1.0 / probabilities.Length);
    }

    /// <summary>How many of the 100 cuts lie at or below the probability, scaled to 0-100.</summary>
    private int PercentileOf(double probability)
    {
        var (low, high) = (0, _percentiles.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_percentiles[middle] <= probability) low = middle + 1;
            else high = middle;
        }

        return low * 100 / _percentiles.Length;
    }

    /// <remarks>The largest score is subtracted first, so that large scores do not overflow: Goodfellow et al., Deep Learning (2016), 4.1.</remarks>
    private static void Softmax(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores) largest = Math.Max(largest, score);
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++) sum += probabilities[i] = Math.Exp(scores[i] - largest);
        foreach (ref var probability in probabilities) probability /= sum;
    }

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }

    private bool IsDropped(TypedRecord record)
    {
        foreach (var slot in _dropIfMissing)
            if (double.IsNaN(record.Number(slot)) && !record.TryGetText(slot, out _)) return true;
        return false;
    }

    private int SlotOf(string field)
    {
        var slot = _program.Layout.IndexOf(field);
        return slot >= 0 ? slot : throw new ModelException($"The model drops rows without '{field}', which is no field of it.");
    }

    private static void CheckShape(ModelSpec spec, int outputs)
    {
        var (classes, link, wanted) = spec.Prediction switch
        {
            PredictionKind.BinaryClassification => (2, Link.Logistic, 1),
            PredictionKind.Multiclass => (Math.Max(2, spec.Classes.Count), Link.Softmax, spec.Classes.Count),
            PredictionKind.Clustering => ClusterShape(spec),
            _ => (0, Link.Identity, 1),
        };
        if (spec.Classes.Count != classes) throw new ModelException($"A {spec.Prediction} model needs {classes} classes; it names {spec.Classes.Count}.");
        var isShare = spec.Predictor.Link == Link.Probability && spec.Prediction is PredictionKind.BinaryClassification or PredictionKind.Multiclass;
        if (spec.Predictor.Link != link && !isShare) throw new ModelException($"A {spec.Prediction} model needs the link {link}, not {spec.Predictor.Link}.");
        if (outputs != wanted) throw new ModelException($"A {spec.Prediction} model of {spec.Classes.Count} classes needs {wanted} scores; its predictor gives {outputs}.");
        if ((spec.Predictor.Link == Link.Nearest) != (spec.Predictor is CentroidPredictorSpec))
            throw new ModelException("Centroids and the link Nearest go together: one of the two is missing.");
        if (spec.Percentiles is { } cuts && !cuts.SequenceEqual(cuts.Order())) throw new ModelException("The percentile cuts are not in ascending order.");
    }

    /// <summary>A class per cluster, and one for outliers when there is a distance from which on a record is one.</summary>
    private static (int Classes, Link Link, int Scores) ClusterShape(ModelSpec spec)
    {
        if (spec.Predictor is not CentroidPredictorSpec centroids) throw new ModelException("A Clustering model needs centroids; its predictor has none.");
        if (spec.Classes.Distinct(StringComparer.Ordinal).Count() < spec.Classes.Count) throw new ModelException("Two clusters of the model have the same label.");
        var clusters = centroids.Centroids.Count;
        return (clusters + (centroids.OutlierDistance is null ? 0 : 1), Link.Nearest, clusters);
    }
}
