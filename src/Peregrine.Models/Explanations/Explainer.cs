using Peregrine.Models.Predictors;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Says how much each field of a record moved its score: in log-odds for a logistic link, else in the unit of the raw score. Thread-safe. Made on its own,
/// so that a model that nobody asks to explain takes no memory for it.
/// </summary>
/// <remarks>
/// A field is one of the prepared record: an input, or what a preparation step made. The columns that features make of a field (0/1 columns, parts of
/// a date, a flag for missing) count as that field from the start, so an influence is exact for fields, not a sum over columns.
/// </remarks>
public sealed class Explainer
{
    [ThreadStatic]
    private static double[]? t_scratch;

    private readonly CompiledModel _model;
    private readonly Attribution _attribution;
    private readonly string[] _fields;

    private Explainer(CompiledModel model, Attribution attribution, string[] fields)
    {
        _model = model;
        _attribution = attribution;
        _fields = fields;
    }

    /// <summary>The fields that the model's features read, in their order.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>The expected score of each output over the training rows: what an explanation starts from.</summary>
    public ReadOnlySpan<double> Base => _attribution.Base;

    /// <summary>Memory that rows computed once may take, in bytes; taken as they occur.</summary>
    public long TableBytes => _attribution.TableBytes;

    /// <param name="mostTableBytes">See <see cref="TableBytes"/>; 0 or more. Influences are the same with any, but for the last bits.</param>
    /// <exception cref="ModelException">The model does not hold what explanations need; the message says what.</exception>
    internal static Explainer Create(CompiledModel model, Predictor predictor, TreeEnsemble? trees, long mostTableBytes)
    {
        string[] fields = [.. model.Columns.Select(column => column.Field).Distinct(StringComparer.Ordinal)];
        var places = fields.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        int[] fieldOf = [.. model.Columns.Select(column => places[column.Field])];
        Attribution attribution = (model.Spec.Predictor, predictor) switch
        {
            (LinearPredictorSpec { Means: { } means } linear, _) => new LinearAttribution(linear, means, fieldOf),
            (CentroidPredictorSpec, _) => throw new ModelException("A clustering model has no score to explain: the distances in its result say how near each cluster is."),
            (TreePredictorSpec spec, TreePredictor walker) => new TreeAttribution(walker, trees!, fieldOf, spec.Slope, mostTableBytes),
            _ => throw new ModelException("The linear predictor does not hold the means of its columns, which explanations start from. Train the model again."),
        };
        return new(model, attribution, fields);
    }

    /// <summary>Explains the row that was scored last, and leaves the result in <see cref="ScoringContext.Influences"/>. Several classes: the score of the predicted one.</summary>
    /// <param name="context">Scored by the same model, and not ignored.</param>
    /// <returns>The output that was explained, for <see cref="Base"/>.</returns>
    public int Explain(ScoringContext context, ExplanationMethod method)
    {
        if (context.Model != _model) throw new ArgumentException("The context belongs to another model.", nameof(context));
        var output = Base.Length > 1 ? context.PredictedClass : 0;
        // By thread, so that records scored together share it.
        if (t_scratch is not { } scratch || scratch.Length < _attribution.ScratchLength) t_scratch = scratch = new double[_attribution.ScratchLength];
        _attribution.Explain(context.FeatureValues, output, method, scratch, context.InfluenceMemory(_fields.Length));
        return output;
    }
}
