using System.Globalization;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner.Access;

/// <summary>When a new key ends, as it is chosen in a form: never, a number of days from now, or at the end of a date (UTC).</summary>
public sealed class KeyEnd
{
    public const string Never = "never";
    public const string OnDate = "date";

    /// <summary><see cref="Never"/>, <see cref="OnDate"/> or a number of days.</summary>
    public string Choice { get; set; } = "90";

    /// <summary>The last day of the key, for <see cref="OnDate"/>.</summary>
    public DateOnly? Date { get; set; }

    public static IReadOnlyList<(string Choice, string Words)> Choices { get; } =
        [("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"), (OnDate, "on a date"), (Never, "never")];

    /// <summary>The moment, null for never; or what is wrong with the date.</summary>
    public (DateTimeOffset? Moment, Fault? Fault) Read(DateTimeOffset now)
    {
        if (Choice == Never) return (null, null);
        if (int.TryParse(Choice, NumberStyles.None, CultureInfo.InvariantCulture, out var days)) return (now.AddDays(days), null);
        return Date is { } date && date < DateOnly.MaxValue
            ? (new DateTimeOffset(date.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero), null)
            : (null, new Fault(400, "The date on which the key ends is missing.") { Places = [new FaultPlace("/expiry", "Choose a date.")] });
    }

    /// <summary>For the command line: an option, or nothing.</summary>
    public string Option => Choice switch { Never => "", OnDate => $" --expires {(Date is { } date ? date.AddDays(date < DateOnly.MaxValue ? 1 : 0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "DATE")}", _ => $" --expires {Choice}d" };
}
