namespace Peregrine.Samples.Payments;

/// <summary>A card and who carries it.</summary>
public sealed record Cardholder
{
    /// <summary>Twelve digits, many with leading zeros: text, not a number.</summary>
    public required string CardId { get; init; }
    public required DateOnly BirthDate { get; init; }
    public required string Segment { get; init; }

    /// <summary>debit, credit or prepaid.</summary>
    public required string CardType { get; init; }

    /// <summary>Missing for cards without credit.</summary>
    public required double? CreditLimit { get; init; }

    /// <summary>Missing where the holder never said.</summary>
    public required string? IncomeBand { get; init; }
    public required DateOnly OpenedOn { get; init; }
    public required City City { get; init; }
    public required double HomeLatitude { get; init; }
    public required double HomeLongitude { get; init; }

    /// <summary>What this card usually pays, as the bank's profile says.</summary>
    public required double UsualAmount { get; init; }
    public required bool TravelNotice { get; init; }

    internal double PaymentsPerDay { get; init; }
    internal bool Player { get; init; }
    internal IReadOnlyList<Merchant> Favourites { get; set; } = [];
}
