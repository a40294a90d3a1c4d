namespace Peregrine.Samples.Payments;

public sealed record Merchant
{
    /// <summary>Six digits with leading zeros: text, not a number.</summary>
    public required string MerchantId { get; init; }
    public required string Name { get; init; }
    public required string Category { get; init; }
    public required bool Online { get; init; }
    public required City City { get; init; }

    /// <summary>low, medium or high; missing for merchants that nobody has rated yet.</summary>
    public required string? RiskRating { get; init; }
    public required DateOnly OpenedOn { get; init; }
    public required double Latitude { get; init; }
    public required double Longitude { get; init; }

    internal Category Kind { get; init; } = null!;
}
