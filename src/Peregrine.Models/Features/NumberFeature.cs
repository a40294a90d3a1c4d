using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A number: <c>(x - Center) / Scale</c>, where a missing x is first replaced by <see cref="Impute"/> or stays NaN.</summary>
public sealed record NumberFeature : FeatureSpec
{
    /// <summary>What a missing value becomes; null keeps it missing (trees learn from that).</summary>
    public double? Impute { get; init; }

    public double Center { get; init; }

    /// <summary>Not 0.</summary>
    public double Scale { get; set; } = 1;

    internal override IEnumerable<FeatureColumn> Columns() => [new(Field, Field)];

    internal override bool Accepts(FieldKind kind) => kind != FieldKind.Text;

    internal override CompiledFeature Compile(int slot, int column) =>
        new Compiled(slot, column, Impute ?? double.NaN, Center, Scale);

    private sealed class Compiled(int slot, int column, double impute, double center, double scale) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            var value = record.Number(slot);
            if (double.IsNaN(value)) value = impute;
            columns[column] = (value - center) / scale;
        }
    }
}
