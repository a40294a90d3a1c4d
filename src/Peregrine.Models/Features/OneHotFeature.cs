using Peregrine.Records;

namespace Peregrine.Models.Features;

/// <summary>A category as 0/1 columns, one per known category, optionally one for all others and one for missing.</summary>
public sealed record OneHotFeature : FeatureSpec
{
    public required IReadOnlyList<string> Values { get; init; }

    public bool Other { get; init; }

    public bool Missing { get; init; }

    internal override IEnumerable<FeatureColumn> Columns()
    {
        foreach (var value in Values) yield return new($"{Field} = {value}", Field);
        if (Other) yield return new($"{Field}: other", Field);
        if (Missing) yield return new($"{Field}: missing", Field);
    }

    internal override bool Accepts(FieldKind kind) => kind == FieldKind.Text;

    internal override CompiledFeature Compile(int slot, int column) =>
        new Compiled(slot, column, new Utf8Table(Values), Values.Count + (Other ? 1 : 0) + (Missing ? 1 : 0),
            Other ? Values.Count : -1, Missing ? Values.Count + (Other ? 1 : 0) : -1);

    private sealed class Compiled(int slot, int column, Utf8Table values, int width, int other, int missing) : CompiledFeature
    {
        public override void Write(TypedRecord record, Span<double> columns)
        {
            var mine = columns.Slice(column, width);
            mine.Clear();
            var hot = missing;
            if (record.TryGetText(slot, out var text))
            {
                var code = values.IndexOf(text);
                hot = code >= 0 ? code : other;
            }

            if (hot >= 0) mine[hot] = 1;
        }
    }
}
