using System.Globalization;
using System.Text;

namespace Peregrine.Samples.Payments;

/// <summary>The three tables of a simulation as CSV: UTF-8, comma, a header, line feeds; an empty cell is a missing value.</summary>
public static class PaymentTables
{
    public const string PaymentsFile = "payments.csv";
    public const string CardholdersFile = "cardholders.csv";
    public const string MerchantsFile = "merchants.csv";

    public static async Task WriteAsync(PaymentSimulation simulation, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync(Path.Combine(folder, PaymentsFile), Payments(simulation), cancellationToken);
        await WriteAsync(Path.Combine(folder, CardholdersFile), Cardholders(simulation), cancellationToken);
        await WriteAsync(Path.Combine(folder, MerchantsFile), Merchants(simulation), cancellationToken);
    }

    private static async Task WriteAsync(string path, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
        foreach (var line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(line);
        }
    }

    private static IEnumerable<string> Payments(PaymentSimulation simulation) => simulation.Payments
        .Select(payment => Line(
            payment.PaymentId, Text(payment.PaidAt), payment.Card.CardId, payment.Merchant.MerchantId, Text(payment.Amount, "0.00"), payment.Currency,
            payment.EntryMode, Text(payment.DeviceKnown), Text(payment.Latitude, "0.#####"), Text(payment.Longitude, "0.#####"), Text(payment.PreviousPaidAt),
            Text(payment.DeclinedLastDay, "0"), payment.Fraud == FraudKind.None ? "0" : "1"))
        .Prepend("payment_id,paid_at,card_id,merchant_id,amount,currency,entry_mode,device_known,pay_lat,pay_lon,previous_paid_at,declined_last_day,is_fraud");

    private static IEnumerable<string> Cardholders(PaymentSimulation simulation) => simulation.Cardholders
        .Select(card => Line(
            card.CardId, Text(card.BirthDate), card.Segment, card.CardType, Text(card.CreditLimit, "0"), card.IncomeBand, Text(card.OpenedOn), card.City.Name,
            Text(card.City.Population, "0"), Text(card.HomeLatitude, "0.#####"), Text(card.HomeLongitude, "0.#####"), Text(card.UsualAmount, "0.00"), Text(card.TravelNotice)))
        .Prepend("card_id,birth_date,segment,card_type,credit_limit,income_band,card_opened_on,home_city,home_city_population,home_lat,home_lon,usual_amount,travel_notice");

    private static IEnumerable<string> Merchants(PaymentSimulation simulation) => simulation.Merchants
        .Select(merchant => Line(
            merchant.MerchantId, merchant.Name, merchant.Category, Text(merchant.Online), merchant.City.Country, merchant.City.Name, merchant.RiskRating,
            Text(merchant.OpenedOn), Text(merchant.Latitude, "0.#####"), Text(merchant.Longitude, "0.#####")))
        .Prepend("merchant_id,merchant_name,category,online,country,merchant_city,risk_rating,merchant_opened_on,merchant_lat,merchant_lon");

    /// <summary>The first cell is a key and never empty.</summary>
    private static string Line(params ReadOnlySpan<string?> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            if (line.Length > 0) line.Append(',');
            line.Append(Quote(cell));
        }
        return line.ToString();
    }

    private static string Quote(string? cell) =>
        cell is null ? "" : cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static string Text(DateTime? value) => value?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static string Text(DateOnly value) => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Text(bool? value) => value switch { true => "true", false => "false", null => "" };
}
