using System.Globalization;

namespace Peregrine.Serving.Drift;

/// <summary>A sliding window. Its slices begin at whole multiples of their length since 0001-01-01 UTC, so those of several nodes are the same.</summary>
/// <param name="Name">Such as <c>1h</c>.</param>
internal sealed record DriftWindow(string Name, TimeSpan Length)
{
    /// <summary>The window of everything since the generation was loaded.</summary>
    public const string Load = "load";

    /// <summary>The window holds the slice that runs and those before it: eleven twelfths to the whole of its length.</summary>
    public const int Slices = 12;

    private const int MostWindows = 4;

    public long SliceTicks => Length.Ticks / Slices;

    public static bool TryParseList(string text, out IReadOnlyList<DriftWindow> windows)
    {
        var parsed = new List<DriftWindow>();
        windows = parsed;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(part, out var window) || parsed.Exists(other => other.Length == window.Length)) return false;
            parsed.Add(window);
        }

        return parsed.Count is > 0 and <= MostWindows;
    }

    private static bool TryParse(string text, out DriftWindow window)
    {
        window = new DriftWindow(text, TimeSpan.Zero);
        if (text.Length < 2 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        var minutes = count * (text[^1] switch { 'm' => 1L, 'h' => 60L, 'd' => 24L * 60, _ => 0L });
        if (minutes is < 1 or > 30 * 24 * 60) return false;
        window = window with { Length = TimeSpan.FromMinutes(minutes) };
        return true;
    }
}
