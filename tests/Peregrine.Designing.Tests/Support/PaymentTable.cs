using System.Globalization;
using System.Text;

namespace Peregrine.Designing.Tests.Support;

/// <summary>A small table of payments with a pattern that can be learnt: the same rows for the same seed.</summary>
internal static class PaymentTable
{
    public static byte[] Csv(int rows, int seed = 7)
    {
        var random = new Random(seed);
        var text = new StringBuilder("payment_id,when,card,amount,kind,age,note,is_fraud\n");
        var moment = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        string[] kinds = ["shop", "travel", "fuel", "online"];
        for (var row = 0; row < rows; row++)
        {
            moment = moment.AddMinutes(random.Next(1, 60));
            var kind = kinds[random.Next(kinds.Length)];
            var amount = Math.Round(Math.Exp(random.NextDouble() * 5), 2);
            var risk = (amount > 60 ? 1.5 : -1.5) + (kind == "online" ? 1.5 : 0) + (moment.Hour < 5 ? 1 : 0) - 1.5 + random.NextDouble() - 0.5;
            var fraud = risk > 0.5 ? 1 : 0;
            text.Append(CultureInfo.InvariantCulture, $"p{row:D6},{moment:yyyy-MM-dd HH:mm:ss},c{random.Next(40):D3},");
            text.Append(random.Next(20) == 0 ? "" : amount.ToString(CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $",{kind},{random.Next(18, 90)},{(random.Next(10) == 0 ? "" : "note " + random.Next(3))},{fraud}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>One row for each card of <see cref="Csv"/>.</summary>
    public static byte[] Cards()
    {
        var text = new StringBuilder("card,segment,limit\n");
        for (var card = 0; card < 40; card++)
            text.Append(CultureInfo.InvariantCulture, $"c{card:D3},{(card % 3 == 0 ? "gold" : "plain")},{1000 + card * 50}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
