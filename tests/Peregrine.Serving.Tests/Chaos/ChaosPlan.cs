using System.Globalization;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>What a run does, and how much of it.</summary>
/// <param name="Ends">How often the node is ended and started again.</param>
/// <param name="MostPause">Longest time between two ends.</param>
/// <param name="Kills">Whether an end comes in the middle of actions, or waits for them.</param>
internal sealed record ChaosPlan(int Seed, int Ends, TimeSpan MostPause, bool Kills)
{
    public int Callers { get; init; } = 4;

    /// <summary>Callers that send streams.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Callers that use keys while they are made, rotated and revoked.</summary>
    public int KeyCallers { get; init; } = 1;

    public string[] Services { get; init; } = ["fraud", "other"];

    /// <summary>The value of an environment variable, or what the suite takes.</summary>
    public static int Wanted(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : usual;
}
