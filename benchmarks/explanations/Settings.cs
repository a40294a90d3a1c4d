using System.Globalization;

namespace Peregrine.Benchmarks.Explanations;

/// <summary>What to measure.</summary>
internal sealed record Settings
{
    /// <summary>A data directory of the demo.</summary>
    public string DataDirectory { get; private set; } = "";

    /// <summary>Payments to go through, over and over.</summary>
    public int Records { get; private set; } = 20_000;

    /// <summary>Passes over the records; the best counts.</summary>
    public int Rounds { get; private set; } = 15;

    /// <summary>Memory that tables may take, MiB.</summary>
    public int TableMiB { get; private set; } = 16;

    /// <summary>Null after saying what is wrong.</summary>
    public static Settings? Read(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && settings.TrySet(args[i], args[i + 1])) continue;
            Console.Error.WriteLine($"'{args[i]}' is not an option with a good value. Options: --data-dir DIR --records N --rounds N --table-mib N");
            return null;
        }

        if (settings.DataDirectory.Length > 0) return settings;
        Console.Error.WriteLine("--data-dir is missing: give a directory that './peregrine demo --once --data-dir DIR' has made.");
        return null;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--data-dir": DataDirectory = value; return true;
            case "--records": return TryNumber(value, 1, number => Records = number);
            case "--rounds": return TryNumber(value, 1, number => Rounds = number);
            case "--table-mib": return TryNumber(value, 0, number => TableMiB = number);
            default: return false;
        }
    }

    private static bool TryNumber(string value, int least, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least) return false;
        set(number);
        return true;
    }
}
