using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>1 where the field is missing, else 0.</summary>
public sealed record MissingFlagFeature : FeatureSpec
{
    internal override IEnumerable<FeatureColumn> Columns() => [new($"{Field}: is missing", Field)];

    internal override bool Accepts(FieldKind kind) => true;

    internal override CompiledFeature Compile(int slot, int column) => new Compiled(slot, column);

    private sealed class Compiled(int slot, int column) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns) =>
            columns[column] = double.IsNaN(record.Number(slot)) && !record.TryGetText(slot, out _) ? 1 : 0;
    }
}
