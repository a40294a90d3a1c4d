using System.Globalization;
using Peregrine.Benchmarks.Driver.Trials;

namespace Peregrine.Benchmarks.Driver;

/// <summary>What to measure, and with what.</summary>
internal sealed record Settings
{
    public string Dotnet { get; private set; } = "dotnet";

    public string Peregrine { get; private set; } = "";

    /// <summary>Folder of the built yardstick and peers.</summary>
    public string Built { get; private set; } = "";

    /// <summary>The FastAPI service's folder.</summary>
    public string FastApi { get; private set; } = "";

    /// <summary>Rows of the table that are wanted, by a word of their name; empty: all.</summary>
    public IReadOnlyList<string> Only { get; private set; } = [];

    /// <summary>A data directory of the demo; null: run the demo.</summary>
    public string? DataDirectory { get; private set; }

    public int Pairs { get; private set; } = 5;

    public int Seconds { get; private set; } = 8;

    public int WarmUpSeconds { get; private set; } = 10;

    public int Connections { get; private set; } = 32;

    /// <summary>Switches of the trial of that name.</summary>
    public int Switches { get; private set; } = 200;

    /// <summary>Milliseconds between the end of a switch and the next; 0: one right after the other.</summary>
    public int SwitchPause { get; private set; }

    /// <summary>Records of one call of the stream.</summary>
    public int StreamRows { get; private set; } = 1_000_000;

    /// <summary>Length of the soak; an hour is 3600.</summary>
    public int SoakSeconds { get; private set; } = 600;

    /// <summary>Whether any row of the table is wanted, beside trials.</summary>
    public bool HasRows => Only.Count == 0 || Only.Any(word => word is not (StreamTrial.Name or SwitchTrial.Name or OverloadTrial.Name or SoakTrial.Name or StartTrial.Name));

    /// <summary>Null after saying what is wrong.</summary>
    public static Settings? Read(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && settings.TrySet(args[i], args[i + 1])) continue;
            Console.Error.WriteLine($"'{args[i]}' is not an option with a good value. Options: --data-dir DIR --only WORD,WORD --pairs N --seconds S --warm-up S --connections C --switches N --switch-pause MS --soak S --stream-rows N");
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
            case "--built": Built = value; return true;
            case "--fastapi": FastApi = value; return true;
            case "--only": Only = value.Split(','); return true;
            case "--data-dir": DataDirectory = value; return true;
            case "--pairs": return TryNumber(value, number => Pairs = number);
            case "--seconds": return TryNumber(value, number => Seconds = number);
            case "--warm-up": return TryNumber(value, number => WarmUpSeconds = number);
            case "--switches": return TryNumber(value, number => Switches = number);
            case "--switch-pause": return TryNumber(value, number => SwitchPause = number);
            case "--stream-rows": return TryNumber(value, number => StreamRows = number);
            case "--soak": return TryNumber(value, number => SoakSeconds = number);
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
