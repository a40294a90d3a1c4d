namespace Peregrine.Models.Features;

/// <summary>A part of a moment, in UTC.</summary>
public enum DatePart
{
    /// <summary>0 to 23.</summary>
    Hour,

    /// <summary>Hour of the day with its fraction, 0 to 24, 24 excluded.</summary>
    TimeOfDay,

    /// <summary>0 (Monday) to 6.</summary>
    DayOfWeek,

    /// <summary>1 to 31.</summary>
    DayOfMonth,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>1 to 366.</summary>
    DayOfYear,

    Year,

    /// <summary>Seconds since 1970, with fraction.</summary>
    Epoch,
}

/// <summary>Calendar arithmetic on seconds since 1970 UTC.</summary>
internal static class DateParts
{
    private const double SecondsPerDay = 86_400;
    private const double Earliest = -62_135_596_800; // 0001-01-01
    private const double Latest = 253_402_300_799; // 9999-12-31

    /// <summary>The part's value; NaN for a missing moment or one outside the years 1 to 9999.</summary>
    public static double Of(DatePart part, double seconds)
    {
        if (part == DatePart.Epoch) return seconds;
        if (!(seconds >= Earliest && seconds <= Latest)) return double.NaN;
        var day = Math.Floor(seconds / SecondsPerDay);
        var inDay = seconds - day * SecondsPerDay;
        switch (part)
        {
            case DatePart.Hour: return Math.Floor(inDay / 3_600);
            case DatePart.TimeOfDay: return inDay / 3_600;
            case DatePart.DayOfWeek: return (((int)day + 3) % 7 + 7) % 7; // 1970-01-01 was a Thursday
        }

        var date = DateOnly.FromDayNumber((int)day + 719_162);
        return part switch
        {
            DatePart.DayOfMonth => date.Day,
            DatePart.Month => date.Month,
            DatePart.DayOfYear => date.DayOfYear,
            _ => date.Year,
        };
    }

    /// <summary>Where the part begins again: its period, and the value it starts at.</summary>
    public static (double Period, double First) CycleOf(DatePart part) => part switch
    {
        DatePart.Hour or DatePart.TimeOfDay => (24, 0),
        DatePart.DayOfWeek => (7, 0),
        DatePart.DayOfMonth => (31, 1),
        DatePart.Month => (12, 1),
        DatePart.DayOfYear => (366, 1),
        _ => throw new ModelException($"The date part {part} has no cycle."),
    };
}
