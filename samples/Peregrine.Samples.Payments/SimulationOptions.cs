namespace Peregrine.Samples.Payments;

public sealed record SimulationOptions
{
    public ulong Seed { get; init; } = 2024;

    /// <summary>Cards in use, 100 to 100,000. The default 1,200 make about 125,000 payments in 150 days.</summary>
    public int Cardholders { get; init; } = 1_200;

    /// <summary>Merchants, 100 to 20,000.</summary>
    public int Merchants { get; init; } = 700;

    /// <summary>Days simulated, 30 to 1,000.</summary>
    public int Days { get; init; } = 150;

    public DateOnly Start { get; init; } = new(2025, 1, 1);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Cardholders, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Cardholders, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Merchants, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Merchants, 20_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Days, 30);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Days, 1_000);
    }
}
