using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>The results of a request's records, kept until all are scored, since an answer goes column by column. Reused.</summary>
internal sealed class InferResults
{
    private const int MostKept = 64 * 1024;

    private double[] _values = new double[64];
    private double[] _nearest = new double[16];
    private int[] _classes = new int[16];
    private int[] _percentiles = new int[16];
    private string?[] _reasons = new string?[16];
    private double[] _influences = [];
    private int _classCount;
    private bool _isClustering;

    public int Rows { get; private set; }

    /// <summary>Records that the model did not score.</summary>
    public int Ignored { get; private set; }

    /// <summary>Numbers per record: probabilities, distances to clusters, or the predicted value.</summary>
    public int Width { get; private set; }

    /// <summary>Probabilities or distances row by row, or predicted values; NaN where a record was not scored.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Rows * Width);

    /// <summary>Clustering: the distance to the nearest cluster; NaN where a record was not scored.</summary>
    public ReadOnlySpan<double> Nearest => _nearest.AsSpan(0, Rows);

    /// <summary>Index of the predicted class; the number of classes where a record was not scored.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(0, Rows);

    /// <summary>0 to 100; -1 where a record was not scored.</summary>
    public ReadOnlySpan<int> Percentiles => _percentiles.AsSpan(0, Rows);

    /// <summary>Null where a record was scored.</summary>
    public ReadOnlySpan<string?> Reasons => _reasons.AsSpan(0, Rows);

    /// <summary>Influences of the explained fields row by row; NaN where a record was not scored; empty when none was explained.</summary>
    public ReadOnlySpan<double> Influences => _influences.AsSpan(0, Explained);

    private int Explained { get; set; }

    public void Begin(ModelSpec model)
    {
        Rows = Ignored = Explained = 0;
        if (_influences.Length > MostKept) _influences = [];
        _classCount = model.Classes.Count;
        _isClustering = model.Predictor is CentroidPredictorSpec;
        Width = model.Predictor is CentroidPredictorSpec centroids ? centroids.Centroids.Count : Math.Max(1, _classCount);
        if (_values.Length > MostKept) (_values, _nearest, _classes, _percentiles, _reasons) = (new double[64], new double[16], new int[16], new int[16], new string?[16]);
    }

    public void Add(ScoringContext context)
    {
        if (Rows == _classes.Length) GrowRows();
        var end = (Rows + 1) * Width;
        if (end > _values.Length) Array.Resize(ref _values, Math.Max(_values.Length * 2, end));
        var values = _values.AsSpan(Rows * Width, Width);
        _reasons[Rows] = context.IgnoreReason;
        if (context.IgnoreReason is not null)
        {
            values.Fill(double.NaN);
            _nearest[Rows] = double.NaN;
            _classes[Rows] = _classCount;
            _percentiles[Rows] = -1;
            Ignored++;
        }
        else
        {
            if (_isClustering) context.Scores.CopyTo(values);
            else if (_classCount == 0) values[0] = context.Value;
            else context.Probabilities.CopyTo(values);
            _nearest[Rows] = context.Value;
            _classes[Rows] = context.PredictedClass;
            _percentiles[Rows] = context.Percentile;
        }

        Rows++;
    }

    /// <summary>Adds the explanation of the record that was added last.</summary>
    /// <param name="fields">How many fields explain it.</param>
    /// <param name="influences">One for each; empty when the record was not scored.</param>
    public void AddInfluences(int fields, ReadOnlySpan<double> influences)
    {
        var end = Explained + fields;
        if (end > _influences.Length) Array.Resize(ref _influences, Math.Max(_influences.Length * 2, end));
        var room = _influences.AsSpan(Explained, fields);
        if (influences.IsEmpty) room.Fill(double.NaN);
        else influences.CopyTo(room);
        Explained = end;
    }

    /// <summary>Ignored records by reason.</summary>
    public IgnoredTally TallyIgnored()
    {
        var tally = default(IgnoredTally);
        foreach (var reason in Reasons)
            if (reason is not null) tally.Add(reason);
        return tally;
    }

    private void GrowRows()
    {
        Array.Resize(ref _nearest, Rows * 2);
        Array.Resize(ref _classes, Rows * 2);
        Array.Resize(ref _percentiles, Rows * 2);
        Array.Resize(ref _reasons, Rows * 2);
    }
}
