using System.Text.Json.Serialization;

namespace Peregrine.Benchmarks.Yardstick;

/// <summary>One payment as the demo's callers send it.</summary>
internal sealed record Payment
{
    [JsonPropertyName("payment_id")]
    public string? PaymentId { get; init; }

    [JsonPropertyName("paid_at")]
    public string? PaidAt { get; init; }

    [JsonPropertyName("card_id")]
    public string? CardId { get; init; }

    [JsonPropertyName("merchant_id")]
    public string? MerchantId { get; init; }

    [JsonPropertyName("amount")]
    public double? Amount { get; init; }

    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("entry_mode")]
    public string? EntryMode { get; init; }

    [JsonPropertyName("device_known")]
    public bool? DeviceKnown { get; init; }

    [JsonPropertyName("pay_lat")]
    public double? Latitude { get; init; }

    [JsonPropertyName("pay_lon")]
    public double? Longitude { get; init; }

    [JsonPropertyName("previous_paid_at")]
    public string? PreviousPaidAt { get; init; }

    [JsonPropertyName("declined_last_day")]
    public double? DeclinedLastDay { get; init; }
}
