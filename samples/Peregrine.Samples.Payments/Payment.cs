namespace Peregrine.Samples.Payments;

/// <summary>One card payment as the authorisation request carries it, and whether it was fraud.</summary>
public sealed record Payment
{
    public string PaymentId { get; internal set; } = "";
    public required DateTime PaidAt { get; init; }
    public required Cardholder Card { get; init; }
    public required Merchant Merchant { get; init; }
    public required double Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary>chip, contactless, magstripe, online or keyed, in the spelling of the terminal; missing when it did not say.</summary>
    public required string? EntryMode { get; init; }

    /// <summary>Online only: whether this browser or phone has paid with the card before.</summary>
    public required bool? DeviceKnown { get; init; }

    /// <summary>Where the terminal stands; missing online and from some terminals.</summary>
    public required double? Latitude { get; init; }
    public required double? Longitude { get; init; }

    /// <summary>When the card was last used; missing for its first payment.</summary>
    public DateTime? PreviousPaidAt { get; internal set; }

    /// <summary>Refused attempts with this card in the day before.</summary>
    public required int DeclinedLastDay { get; init; }
    public required FraudKind Fraud { get; init; }
}
