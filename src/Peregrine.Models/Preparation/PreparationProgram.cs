using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>The preparation steps of a model, bound to slots. Thread-safe.</summary>
public sealed class PreparationProgram
{
    private readonly CompiledStep[] _steps;

    private PreparationProgram(RecordSchema inputs, RecordSchema layout, CompiledStep[] steps)
    {
        Inputs = inputs;
        Layout = layout;
        _steps = steps;
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

    /// <summary>Runs all steps on a record whose input slots are filled.</summary>
    public void Apply(TypedRecord record)
    {
        foreach (var step in _steps) step.Apply(record);
    }
}
