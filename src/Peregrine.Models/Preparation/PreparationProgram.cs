using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>The preparation steps of a model, bound to slots. Thread-safe.</summary>
public sealed class PreparationProgram
{
    private readonly CompiledStep[] _steps;
    private readonly bool _rules;

    private PreparationProgram(RecordSchema inputs, RecordSchema layout, CompiledStep[] steps)
    {
        Inputs = inputs;
        Layout = layout;
        _steps = steps;
        _rules = Array.Exists(steps, step => step is RulingStep);
    }

    /// <summary>The fields a caller gives; their slots come first.</summary>
    public RecordSchema Inputs { get; }

    /// <summary>The inputs and, behind them, what the steps make. A record to run on has this many slots.</summary>
    public RecordSchema Layout { get; }

    /// <exception cref="ModelException">A step does not fit the fields before it.</exception>
    public static PreparationProgram Compile(
        IReadOnlyList<Field> inputs, IReadOnlyList<PreparationStep> steps, IReadOnlyDictionary<string, LookupTable> lookups)
    {
        var scope = new PreparationScope(inputs, lookups);
        CompiledStep[] compiled = [.. steps.Select(step => step.Compile(scope))];
        return new(new RecordSchema(inputs), scope.ToSchema(), compiled);
    }

    /// <summary>Whether <see cref="Apply"/> can rule a record out.</summary>
    public bool CanIgnore => _rules;

    /// <summary>Runs all steps on a record whose input slots are filled, or those up to one that rules the record out.</summary>
    /// <returns>Null: the record may be scored. Otherwise why not, one of <see cref="IgnoreReasons.All"/>.</returns>
    public string? Apply(TypedRecord record)
    {
        if (_rules) return ApplyWithRules(record);
        foreach (var step in _steps) step.Apply(record);
        return null;
    }

    private string? ApplyWithRules(TypedRecord record)
    {
        foreach (var step in _steps)
        {
            if (step is not RulingStep ruling) step.Apply(record);
            else if (ruling.TryApply(record) is { } reason) return reason;
        }

        return null;
    }
}
