using System.Globalization;

namespace Peregrine.Benchmarks.Overload;

/// <summary>What to offer, to what.</summary>
internal sealed record Settings
{
    public string Dotnet { get; private set; } = "dotnet";

    public string Peregrine { get; private set; } = "";

    /// <summary>A data directory of the demo; null: run the demo.</summary>
    public string? DataDirectory { get; private set; }

    public int Pairs { get; private set; } = 3;

    /// <summary>Length of each phase.</summary>
    public int Seconds { get; private set; } = 5;

    /// <summary>Records in each request.</summary>
    public int Rows { get; private set; } = 200;

    public int Connections { get; private set; } = 256;

    /// <summary>Null after saying what is wrong.</summary>
    public static Settings? Read(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && settings.TrySet(args[i], args[i + 1])) continue;
            Console.Error.WriteLine($"'{args[i]}' is not an option with a good value. Options: --data-dir DIR --pairs N --seconds S --rows N --connections C");
            return null;
        }

        return settings;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--dotnet": Dotnet = value; return true;
            case "--peregrine": Peregrine = value; return true;
            case "--data-dir": DataDirectory = value; return true;
            case "--pairs": return TryNumber(value, number => Pairs = number);
            case "--seconds": return TryNumber(value, number => Seconds = number);
            case "--rows": return TryNumber(value, number => Rows = number);
            case "--connections": return TryNumber(value, number => Connections = number);
            default: return false;
        }
    }

    private static bool TryNumber(string value, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return false;
        set(number);
        return true;
    }
}
