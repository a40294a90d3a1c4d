using Peregrine.Models.Artifacts;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>
/// The way from a record as it came in to the predictor's input: preparation steps, then features. Training fills its matrix with it
/// and the API node runs the same object code per request. Thread-safe.
/// </summary>
public sealed class FeatureProgram
{
    private readonly PreparationProgram _preparation;
    private readonly CompiledFeature[] _features;

    private FeatureProgram(PreparationProgram preparation, CompiledFeature[] features, FeatureColumn[] columns)
    {
        _preparation = preparation;
        _features = features;
        Columns = columns;
    }

    /// <summary>The fields a caller gives.</summary>
    public RecordSchema Inputs => _preparation.Inputs;

    /// <summary>The slots of a record to run on: inputs, then what preparation makes.</summary>
    public RecordSchema Layout => _preparation.Layout;

    public IReadOnlyList<FeatureColumn> Columns { get; }

    public int Width => Columns.Count;

    /// <exception cref="ModelException">A step or feature does not fit the fields.</exception>
    public static FeatureProgram Compile(
        IReadOnlyList<Field> inputs, IReadOnlyList<PreparationStep> steps, IReadOnlyList<FeatureSpec> features,
        IReadOnlyDictionary<string, LookupTable> lookups)
    {
        var preparation = PreparationProgram.Compile(inputs, steps, lookups);
        var compiled = new List<CompiledFeature>(features.Count);
        var columns = new List<FeatureColumn>(features.Count);
        foreach (var feature in features)
        {
            var slot = preparation.Layout.IndexOf(feature.Field);
            if (slot < 0) throw new ModelException($"Feature '{feature.Field}': there is no such field after preparation.");
            var kind = preparation.Layout[slot].Kind;
            if (!feature.Accepts(kind)) throw new ModelException($"Feature '{feature.Field}': {feature.GetType().Name} cannot read a {kind} field.");
            compiled.Add(feature.Compile(slot, columns.Count));
            columns.AddRange(feature.Columns());
        }

        return new(preparation, [.. compiled], [.. columns]);
    }

    /// <summary>Prepares the record in place and writes its features.</summary>
    /// <param name="record">As many slots as <see cref="Layout"/>, the inputs filled.</param>
    /// <param name="columns">Shape [<see cref="Width"/>]; NaN means missing. Not written when a step rules the record out.</param>
    /// <returns>Null, or why a step rules the record out: one of <see cref="IgnoreReasons.All"/>.</returns>
    public string? Run(TypedRecord record, Span<double> columns)
    {
        if (_preparation.Apply(record) is { } reason) return reason;
        foreach (var feature in _features) feature.Write(record, columns);
        return null;
    }
}
