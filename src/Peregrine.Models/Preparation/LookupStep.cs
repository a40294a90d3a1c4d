using System.Text.Json.Serialization;
using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>
/// Brings columns of a reference table to the record by a text key. The table travels in the model, so the API node joins the
/// very rows that training saw. A missing key leaves the outputs missing.
/// </summary>
public sealed record LookupStep : PreparationStep
{
    /// <summary>The lookup table, by name; at design time the dataset it is made from.</summary>
    public required string Table { get; init; }

    /// <summary>The record's field that holds the key.</summary>
    public required string Key { get; init; }

    /// <summary>The table's column that holds the key; the record's field name if null.</summary>
    public string? TableKey { get; init; }

    public required IReadOnlyList<LookupColumn> Columns { get; init; }

    /// <summary>What a key does that stands in several rows of the table. Default: such a table is refused when the model is trained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MultipleMatches OnMultiple { get; init; }

    /// <summary>What a key does that stands in no row of the table. Default: the outputs stay missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NoMatch OnNoMatch { get; init; }

    /// <summary>Whether a record can be ignored for what is looked up. A model of a format before 2 does not know that.</summary>
    [JsonIgnore]
    public bool CanIgnore => OnMultiple == MultipleMatches.Ignore || OnNoMatch == NoMatch.Ignore;

    public override IEnumerable<string> ReadFields() => [Key];

    public override IEnumerable<string> WrittenFields() => Columns.Select(column => column.Output ?? column.Source);

    internal override CompiledStep Compile(PreparationScope scope)
    {
        var key = scope.Find("lookup", Key, FieldKind.Text);
        var table = scope.Lookup("lookup", Table);
        var columns = Columns.Select(column =>
        {
            var source = table.Columns.FirstOrDefault(c => c.Field.Name == column.Source)
                ?? throw new ModelException($"Preparation step 'lookup': the table '{Table}' has no column '{column.Source}'.");
            return (source, slot: scope.Add("lookup", column.Output ?? column.Source, source.Field.Kind));
        });
        return CanIgnore ? new Ruling(this, key, table, [.. columns]) : new Compiled(key, table, [.. columns]);
    }

    private sealed class Compiled(int key, LookupTable table, (LookupTableColumn Source, int Slot)[] columns) : CompiledStep
    {
        public override void Apply(TypedRecord record)
        {
            if (!record.TryGetText(key, out var text)) return;
            var row = table.IndexOf(text);
            if (row < 0) return;
            foreach (var (source, slot) in columns) source.CopyTo(row, record, slot);
        }
    }

    /// <summary>The same, with a word to say on whether the record is scored.</summary>
    private sealed class Ruling(LookupStep step, int key, LookupTable table, (LookupTableColumn Source, int Slot)[] columns) : RulingStep
    {
        private readonly string? _several = step.OnMultiple == MultipleMatches.Ignore ? IgnoreReasons.MultipleLookupMatches : null;
        private readonly string? _none = step.OnNoMatch == NoMatch.Ignore ? IgnoreReasons.NoLookupMatch : null;

        public override string? TryApply(TypedRecord record)
        {
            if (!record.TryGetText(key, out var text)) return null;
            var row = table.IndexOf(text);
            if (row < 0) return _none;
            if (_several is not null && table.IsRepeated(row)) return _several;
            foreach (var (source, slot) in columns) source.CopyTo(row, record, slot);
            return null;
        }
    }
}

/// <summary>A column to bring, and the name it gets; its own if <paramref name="Output"/> is null.</summary>
public sealed record LookupColumn(string Source, string? Output = null);
