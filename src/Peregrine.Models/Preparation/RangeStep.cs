using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>What happens to a number outside its range.</summary>
public enum OutOfRange
{
    /// <summary>It becomes the nearer end.</summary>
    Clip,

    /// <summary>It becomes missing.</summary>
    Missing,
}

/// <summary>Keeps a number within a range, ends included.</summary>
public sealed record RangeStep : PreparationStep
{
    public required string Field { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public OutOfRange Outside { get; init; }

    public override IEnumerable<string> ReadFields() => [Field];

    public override IEnumerable<string> WrittenFields() => [Field];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var slot = scope.Find("range", Field, FieldKind.Number, FieldKind.Integer);
        var (min, max) = (Min ?? double.NegativeInfinity, Max ?? double.PositiveInfinity);
        if (!(min <= max)) throw new ModelException($"Preparation step 'range': for field '{Field}' the minimum {min} lies above the maximum {max}.");
        return new Compiled(slot, min, max, Outside);
    }

    private sealed class Compiled(int slot, double min, double max, OutOfRange outside) : CompiledStep
    {
        public override void Apply(TypedRecord record)
        {
            var value = record.Number(slot);
            if (value < min) record.SetNumber(slot, outside == OutOfRange.Clip ? min : double.NaN);
            else if (value > max) record.SetNumber(slot, outside == OutOfRange.Clip ? max : double.NaN);
        }
    }
}
