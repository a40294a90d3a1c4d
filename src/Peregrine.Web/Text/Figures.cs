using System.Globalization;

namespace Peregrine.Web.Text;

/// <summary>Numbers as the page writes them: with unit, grouped, and no more digits than they are worth.</summary>
public static class Figures
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "\u2013";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(long count) => count.ToString("N0", Culture);

    /// <summary>A count with its noun: "1 row", "134,144 rows".</summary>
    public static string Count(long count, string one, string? many = null) =>
        $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A quality measure between 0 and 1 (or a loss): four decimals, a dash when it could not be computed.</summary>
    public static string Score(double? score) => score is { } value && double.IsFinite(value) ? value.ToString("0.0000", Culture) : None;

    /// <summary>A share between 0 and 1 as per cent: "3.4 %", "0.04 %", "100 %".</summary>
    public static string Share(double share)
    {
        if (!double.IsFinite(share)) return None;
        var percent = share * 100;
        if (percent is 0 or 100) return percent.ToString("0", Culture) + " %";
        return Math.Abs(percent) switch
        {
            < 0.01 => "< 0.01 %",
            < 1 => percent.ToString("0.00", Culture) + " %",
            < 10 => percent.ToString("0.0", Culture) + " %",
            > 99 and < 100 => percent.ToString("0.0", Culture) + " %",
            _ => percent.ToString("0", Culture) + " %",
        };
    }

    /// <summary>Any measured value, at most four significant digits, large ones grouped.</summary>
    public static string Value(double value)
    {
        if (!double.IsFinite(value)) return None;
        var size = Math.Abs(value);
        if (size == 0) return "0";
        if (size >= 1e15 || size < 1e-4) return value.ToString("0.###e0", Culture);
        if (size >= 1000) return value.ToString("#,0", Culture);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        return Math.Round(value, decimals).ToString("0." + new string('#', decimals), Culture);
    }

    /// <summary>"0.42 ms", "18 ms", "4.2 s", "2 min 05 s", "3 h 07 min".</summary>
    public static string Duration(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 0 => None,
        < 1 => time.TotalMilliseconds.ToString("0.00", Culture) + " ms",
        < 10 => time.TotalMilliseconds.ToString("0.0", Culture) + " ms",
        < 1000 => time.TotalMilliseconds.ToString("0", Culture) + " ms",
        < 60_000 => time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "0.0" : "0", Culture) + " s",
        < 3_600_000 => string.Create(Culture, $"{time.Minutes} min {time.Seconds:00} s"),
        _ => string.Create(Culture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>Powers of 1,000: "812 B", "14.2 MB".</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        while (size >= 1000 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }
        return size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", Culture) + " " + units[unit];
    }

    /// <summary>How long ago, coarse: "just now", "4 min ago", "3 h ago", "12 days ago", then the date.</summary>
    public static string Ago(DateTimeOffset when, DateTimeOffset now) => (now - when).TotalSeconds switch
    {
        < 10 => "just now",
        < 60 => string.Create(Culture, $"{(int)(now - when).TotalSeconds} s ago"),
        < 3600 => string.Create(Culture, $"{(int)(now - when).TotalMinutes} min ago"),
        < 86_400 => string.Create(Culture, $"{(int)(now - when).TotalHours} h ago"),
        < 172_800 => "yesterday",
        < 30 * 86_400 => string.Create(Culture, $"{(int)(now - when).TotalDays} days ago"),
        _ => when.UtcDateTime.ToString("yyyy-MM-dd", Culture),
    };

    /// <summary>The exact time, in UTC, for a hover.</summary>
    public static string Exact(DateTimeOffset when) => when.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture) + " UTC";
}
