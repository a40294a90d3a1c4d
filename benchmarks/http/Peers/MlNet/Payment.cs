using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace Peregrine.Benchmarks.MlNet;

/// <summary>One payment: a row of the demo's table, and the features of a request.</summary>
internal sealed class Payment
{
    [LoadColumn(1)]
    [JsonPropertyName("paid_at")]
    public string? PaidAt { get; set; }

    [LoadColumn(3)]
    [JsonPropertyName("merchant_id")]
    public string? MerchantId { get; set; }

    [LoadColumn(4)]
    [JsonPropertyName("amount")]
    public float Amount { get; set; }

    [LoadColumn(5)]
    [JsonPropertyName("currency")]
    public string? Currency { get; set; }

    [LoadColumn(6)]
    [JsonPropertyName("entry_mode")]
    public string? EntryMode { get; set; }

    [LoadColumn(7)]
    [JsonIgnore]
    public string? DeviceKnown { get; set; }

    [LoadColumn(8)]
    [JsonPropertyName("pay_lat")]
    public float Latitude { get; set; }

    [LoadColumn(9)]
    [JsonPropertyName("pay_lon")]
    public float Longitude { get; set; }

    [LoadColumn(11)]
    [JsonPropertyName("declined_last_day")]
    public float DeclinedLastDay { get; set; }

    [LoadColumn(12)]
    [JsonIgnore]
    public bool Label { get; set; }
}
