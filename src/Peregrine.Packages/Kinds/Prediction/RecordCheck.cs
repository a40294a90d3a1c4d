using System.Globalization;
using System.Text;
using Peregrine.Models;
using Peregrine.Models.Drift;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>
/// Compares records with what training saw: the least and the greatest of each number, and the categories. Thread-safe; allocates nothing for a record that is in order.
/// </summary>
public sealed class RecordCheck
{
    // Seconds that a date of the years 1 to 9999 can have.
    private const double EarliestMoment = -62_135_596_800;
    private const double LatestMoment = 253_402_300_799;

    private readonly CompiledModel _model;
    private readonly Tolerance _range;
    private readonly Tolerance _category;
    private readonly int[] _numbers; // slots
    private readonly double[] _below; // by number: the greatest value that is too small
    private readonly double[] _most;
    private readonly int[] _texts; // slots
    private readonly Utf8Table[] _known; // by text

    private RecordCheck(CompiledModel model, TrainingReference reference, PredictionSettings settings)
    {
        _model = model;
        _range = settings.OutOfRange.ToTolerance();
        _category = settings.UnseenCategories.ToTolerance();
        _numbers = [.. Slots(model).Where(slot => _range != Tolerance.Accept && HasRange(model, reference, slot))];
        _below = [.. _numbers.Select(slot => reference.Inputs[slot].Edges[0])];
        _most = [.. _numbers.Select(slot => reference.Inputs[slot].Edges[^1])];
        _texts = [.. Slots(model).Where(slot => _category != Tolerance.Accept && KnowsAll(reference.Inputs[slot]))];
        _known = [.. _texts.Select(slot => new Utf8Table(reference.Inputs[slot].Values))];
    }

    /// <summary>Null when the settings ask for no comparison, or the model does not say what training saw.</summary>
    public static RecordCheck? For(CompiledModel model, PredictionSettings settings) =>
        IsWanted(settings) && model.Reference is { } reference ? new(model, reference, settings) : null;

    /// <summary>Whether settings need a model that says what training saw.</summary>
    public static bool IsWanted(PredictionSettings settings) => settings.OutOfRange != FeaturePolicy.Ignore || settings.UnseenCategories != FeaturePolicy.Ignore;

    /// <summary>The least and the greatest value that training saw of an input; null when that is not known.</summary>
    public static (double Least, double Most)? RangeOf(CompiledModel model, int slot) => model.Reference is { } reference && HasRange(model, reference, slot)
        ? (Math.BitIncrement(reference.Inputs[slot].Edges[0]), reference.Inputs[slot].Edges[^1]) : null;

    /// <summary>All categories that training saw of an input, most frequent first; null when that is not known.</summary>
    public static IReadOnlyList<string>? CategoriesOf(CompiledModel model, int slot) =>
        model.Reference is { } reference && KnowsAll(reference.Inputs[slot]) ? reference.Inputs[slot].Values : null;

    /// <param name="record">As it was bound: preparation may change its slots.</param>
    public RecordFault Check(TypedRecord record)
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            var value = record.Number(_numbers[i]);
            if (!(value <= _below[i]) && !(value > _most[i])) continue; // NaN is neither
            if (_range == Tolerance.Refuse) return new(RecordFaultCode.OutOfRange, _numbers[i], 0, 0);
            record.Notes.Add(new(RecordFaultCode.OutOfRange, _numbers[i]) { Value = value });
        }

        for (var i = 0; i < _texts.Length; i++)
        {
            if (!record.TryGetText(_texts[i], out var text) || _known[i].IndexOf(text) >= 0) continue;
            if (_category == Tolerance.Refuse) return new(RecordFaultCode.UnseenCategory, _texts[i], 0, 0);
            record.NoteText(RecordFaultCode.UnseenCategory, _texts[i]);
        }

        return RecordFault.None;
    }

    /// <summary>Says what value is out of range, and what the range is.</summary>
    internal string DescribeRange(int slot, double value)
    {
        var (least, most) = RangeOf(_model, slot)!.Value;
        var kind = _model.Inputs[slot].Kind;
        return $"Feature '{_model.Inputs[slot].Name}' is {Text(kind, value)}; training saw {Text(kind, least)} to {Text(kind, most)}.";
    }

    /// <summary>Says which category training did not see, and which it did.</summary>
    internal string DescribeCategory(int slot, ReadOnlySpan<byte> text)
    {
        const int MostNamed = 5;
        const int LongestExcerpt = 60;
        var given = Encoding.UTF8.GetString(text);
        var known = CategoriesOf(_model, slot)!;
        var near = NearestName.Find(given, known);
        var which = near is not null ? $"Did you mean '{near}'?"
            : known.Count <= MostNamed ? $"It saw {string.Join(", ", known.Select(one => $"'{one}'"))}."
            : $"It saw {known.Count.ToString(CultureInfo.InvariantCulture)} others, most often {string.Join(", ", known.Take(MostNamed).Select(one => $"'{one}'"))}.";
        return $"Training did not see '{(given.Length <= LongestExcerpt ? given : given[..LongestExcerpt] + "…")}' for feature '{_model.Inputs[slot].Name}'. {which}";
    }

    /// <summary>A number or a day, as people read it.</summary>
    private static string Text(FieldKind kind, double value)
    {
        if (kind != FieldKind.Date || value is < EarliestMoment or > LatestMoment) return value.ToString(CultureInfo.InvariantCulture);
        Span<byte> text = stackalloc byte[32];
        return Encoding.UTF8.GetString(text[..FieldParsing.FormatDateTime(value, dateOnly: true, text)]);
    }

    private static IEnumerable<int> Slots(CompiledModel model) => Enumerable.Range(0, model.Inputs.Count);

    /// <summary>The outer edges of a reference lie just below the least value and at the greatest.</summary>
    private static bool HasRange(CompiledModel model, TrainingReference reference, int slot) =>
        reference.Inputs[slot] is { Kind: ReferenceKind.Number, Edges.Count: >= 2 } && model.Inputs[slot].Kind != FieldKind.Boolean;

    /// <summary>A reference keeps so many values at most: with fewer, it has all.</summary>
    private static bool KnowsAll(FieldReference field) => field is { Kind: ReferenceKind.Category, Values.Count: > 0 and < FieldReference.MostValues };
}
