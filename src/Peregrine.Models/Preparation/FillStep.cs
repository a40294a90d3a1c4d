using System.Text;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>Puts a constant where a field is missing.</summary>
public sealed record FillStep : PreparationStep
{
    public required string Field { get; init; }

    /// <summary>The constant in its text form, parsed by the field's kind.</summary>
    public required string Value { get; init; }

    public override IEnumerable<string> ReadFields() => [Field];

    public override IEnumerable<string> WrittenFields() => [Field];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var slot = scope.Find("fill", Field);
        var kind = scope.KindOf(slot);
        var text = Encoding.UTF8.GetBytes(Value);
        if (kind == FieldKind.Text) return new FillText(slot, text);
        return FieldParsing.TryParse(kind, text, out var number)
            ? new FillNumber(slot, number)
            : throw new ModelException($"Preparation step 'fill': '{Value}' is no {kind} for field '{Field}'.");
    }

    private sealed class FillText(int slot, byte[] value) : CompiledStep
    {
        public override void Apply(TypedRecord record)
        {
            if (!record.TryGetText(slot, out _)) record.SetText(slot, value);
        }
    }

    private sealed class FillNumber(int slot, double value) : CompiledStep
    {
        public override void Apply(TypedRecord record)
        {
            if (double.IsNaN(record.Number(slot))) record.SetNumber(slot, value);
        }
    }
}
