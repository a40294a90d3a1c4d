using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A category as a number learnt from the target: <c>(encoding - Center) / Scale</c>.</summary>
/// <remarks>Smoothed means as in Micci-Barreca (2001), doi:10.1145/507533.507538; training fits them out of fold.</remarks>
public sealed record ImpactFeature : FeatureSpec
{
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>One encoding per value.</summary>
    public required IReadOnlyList<double> Encodings { get; init; }

    /// <summary>For categories that are not listed.</summary>
    public required double Other { get; init; }

    /// <summary>For a missing value.</summary>
    public required double Missing { get; init; }

    public double Center { get; init; }

    public double Scale { get; set; } = 1;

    internal override IEnumerable<FeatureColumn> Columns() => [new($"{Field}: impact", Field)];

    internal override bool Accepts(FieldKind kind) => kind == FieldKind.Text;

    internal override CompiledFeature Compile(int slot, int column)
    {
        if (Encodings.Count != Values.Count)
            throw new ModelException($"Feature '{Field}': {Values.Count} categories but {Encodings.Count} encodings.");
        double Final(double encoding) => (encoding - Center) / Scale;
        return new Compiled(slot, column, new Utf8Table(Values), [.. Encodings.Select(Final)], Final(Other), Final(Missing));
    }

    private sealed class Compiled(int slot, int column, Utf8Table values, double[] encodings, double other, double missing)
        : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            if (!record.TryGetText(slot, out var text))
            {
                columns[column] = missing;
                return;
            }

            var code = values.IndexOf(text);
            columns[column] = code >= 0 ? encodings[code] : other;
        }
    }
}
