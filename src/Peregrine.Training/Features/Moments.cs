using Peregrine.Datasets.Tables;
using Peregrine.Models.Features;
using Peregrine.Records;

namespace Peregrine.Training.Features;

/// <summary>Which parts of a moment can tell rows apart.</summary>
internal static class Moments
{
    private const double Day = 86_400;

    /// <summary>
    /// The parts that vary over the column. A part of the year counts only when its cycle was seen at least once: over three
    /// months, a month is not a season but a name for those rows.
    /// </summary>
    public static IReadOnlyList<DatePart> VaryingParts(NumberColumn column)
    {
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        var hasTime = false;
        foreach (var value in column.Values)
        {
            if (double.IsNaN(value)) continue;
            first = Math.Min(first, value);
            last = Math.Max(last, value);
            hasTime |= value % Day != 0;
        }

        var days = (last - first) / Day;
        var parts = new List<DatePart>();
        if (hasTime && column.Kind == FieldKind.DateTime) parts.Add(DatePart.TimeOfDay);
        if (days > 1) parts.Add(DatePart.DayOfWeek);
        if (days > 28) parts.Add(DatePart.DayOfMonth);
        if (days > 300) parts.Add(DatePart.Month);
        if (days > 400) parts.Add(DatePart.Year);
        return parts;
    }
}
