using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A category as its code, for predictors that split on sets of categories.</summary>
public sealed record CategoryFeature : FeatureSpec
{
    /// <summary>The known categories; a category's code is its place.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Whether categories that are not listed share the code <c>Values.Count</c>; otherwise they are NaN.</summary>
    public bool OtherHasCode { get; init; }

    /// <summary>Whether a missing value has a code of its own (the last one); otherwise it is NaN.</summary>
    public bool MissingHasCode { get; init; }

    internal override IEnumerable<FeatureColumn> Columns() =>
        [new(Field, Field, Values.Count + (OtherHasCode ? 1 : 0) + (MissingHasCode ? 1 : 0))];

    internal override bool Accepts(FieldKind kind) => kind == FieldKind.Text;

    internal override CompiledFeature Compile(int slot, int column)
    {
        var other = OtherHasCode ? Values.Count : double.NaN;
        var missing = MissingHasCode ? Values.Count + (OtherHasCode ? 1 : 0) : double.NaN;
        return new Compiled(slot, column, new Utf8Table(Values), other, missing);
    }

    private sealed class Compiled(int slot, int column, Utf8Table values, double other, double missing) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            if (!record.TryGetText(slot, out var text))
            {
                columns[column] = missing;
                return;
            }

            var code = values.IndexOf(text);
            columns[column] = code >= 0 ? code : other;
        }
    }
}
