using Peregrine.Models;
using Peregrine.Models.Features;
using Peregrine.Training.Features;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>The training rows in LightGBM's form, made when the first tree algorithm asks and shared by all of them.</summary>
internal sealed class TreeRows(TrainingData data) : IDisposable
{
    private LightGbmDataset? _all;
    private LightGbmDataset? _fit;
    private LightGbmDataset? _validation;
    private double[] _validationMatrix = [];

    public IReadOnlyList<FeatureSpec> Features { get; private set; } = [];

    public int Width { get; private set; }

    /// <summary>All training rows.</summary>
    public LightGbmDataset All => _all ?? throw new InvalidOperationException("The rows are not made yet.");

    public LightGbmDataset Fit => _fit ?? throw new InvalidOperationException("The rows are not made yet.");

    public LightGbmDataset Validation => _validation ?? throw new InvalidOperationException("The rows are not made yet.");

    /// <summary>Shape [validation rows × width].</summary>
    public double[] ValidationMatrix => _validationMatrix;

    public LightGbmParameters Parameters { get; } = new LightGbmParameters()
        .Set("num_threads", data.Request.Threads)
        .Set("seed", data.Request.Seed)
        .Set("deterministic", "true")
        .Set("force_row_wise", "true")
        .Set("max_bin", 255)
        .Set("min_data_per_group", 20)
        .Set("feature_pre_filter", "false")
        .Set("verbosity", -1);

    public void Make(CancellationToken cancellationToken)
    {
        if (_all is not null) return;
        Features = TreeFeatures.Fit(data);
        var selection = InputSelection.For(data, Features);
        var program = FeatureProgram.Compile(selection.Inputs, selection.Steps, Features, data.Request.Lookups);
        Width = program.Width;
        var matrix = FeatureMatrix.Dense(program, data, data.Train, cancellationToken);
        int[] categories = [.. Enumerable.Range(0, Width).Where(column => program.Columns[column].Categories > 0)];
        _all = LightGbmDataset.Create(matrix, data.Train.Length, Width, categories, Parameters);
        _fit = _all.Subset(data.Fit, Parameters);
        _validation = _all.Subset(data.Validation, Parameters);
        _all.SetLabels(Labels(data.Train));
        _fit.SetLabels(Labels(Array.ConvertAll(data.Fit, place => data.Train[place])));
        _validation.SetLabels(Labels(Array.ConvertAll(data.Validation, place => data.Train[place])));
        _validationMatrix = new double[(long)data.Validation.Length * Width];
        for (var at = 0; at < data.Validation.Length; at++)
            matrix.AsSpan(data.Validation[at] * Width, Width).CopyTo(_validationMatrix.AsSpan(at * Width));
    }

    public void Dispose()
    {
        _fit?.Dispose();
        _validation?.Dispose();
        _all?.Dispose();
    }

    private float[] Labels(int[] rows) => Array.ConvertAll(rows, row => (float)data.Target.Values[row]);
}
