using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A part of a date or moment on its circle: sine and cosine of 2π(part - first) / period; both 0 when missing.</summary>
public sealed record DateCycleFeature : FeatureSpec
{
    public required DatePart Part { get; init; }

    internal override IEnumerable<FeatureColumn> Columns() =>
        [new($"{Field}: {Part} sin", Field), new($"{Field}: {Part} cos", Field)];

    internal override bool Accepts(FieldKind kind) => kind is FieldKind.DateTime or FieldKind.Date;

    internal override CompiledFeature Compile(int slot, int column)
    {
        var (period, first) = DateParts.CycleOf(Part);
        return new Compiled(slot, column, Part, period, first);
    }

    private sealed class Compiled(int slot, int column, DatePart part, double period, double first) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            var value = DateParts.Of(part, record.Number(slot));
            if (double.IsNaN(value))
            {
                columns[column] = 0;
                columns[column + 1] = 0;
                return;
            }

            (columns[column], columns[column + 1]) = Math.SinCos(2 * Math.PI * (value - first) / period);
        }
    }
}
