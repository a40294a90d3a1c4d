using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A part of a date or moment as a number: <c>(part - Center) / Scale</c>, missing replaced by <see cref="Impute"/> or kept.</summary>
public sealed record DatePartFeature : FeatureSpec
{
    public required DatePart Part { get; init; }

    public double? Impute { get; init; }

    public double Center { get; init; }

    public double Scale { get; set; } = 1;

    internal override IEnumerable<FeatureColumn> Columns() => [new($"{Field}: {Part}", Field)];

    internal override bool Accepts(FieldKind kind) => kind is FieldKind.DateTime or FieldKind.Date;

    internal override CompiledFeature Compile(int slot, int column) =>
        new Compiled(slot, column, Part, Impute ?? double.NaN, Center, Scale);

    private sealed class Compiled(int slot, int column, DatePart part, double impute, double center, double scale) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            var value = DateParts.Of(part, record.Number(slot));
            if (double.IsNaN(value)) value = impute;
            columns[column] = (value - center) / scale;
        }
    }
}
