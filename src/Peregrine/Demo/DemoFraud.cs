using System.Text.Json.Nodes;
using Peregrine.Client;

namespace Peregrine.Demo;

/// <summary>Names and choices of the demo.</summary>
internal static class DemoFraud
{
    public const string Project = "FRAUD";
    public const string Payments = "payments";
    public const string Cardholders = "cardholders";
    public const string Merchants = "merchants";
    public const string Target = "is_fraud";
    public const string Model = "fraud score";
    public const string Service = "fraud";
    public const string Endpoint = "score";
    public const string Version = "v1";
    public const string Infrastructure = "local";
    public const string Stage = "Development";
    public const string Deployment = "fraud-on-local";
    public const string KeyFile = "demo-service-key";
    public const string RequestFile = "demo-request.json";

    /// <summary>What happens to a payment before it is scored, in training and on the API node alike.</summary>
    public static JsonArray Steps => (JsonArray)JsonNode.Parse(
        """
        [
          { "type": "cleanText", "field": "entry_mode", "case": "Lower" },
          { "type": "range", "field": "amount", "min": 0, "max": 100000, "outside": "Missing" },
          { "type": "lookup", "table": "cardholders", "key": "card_id", "columns": [
              { "source": "birth_date" }, { "source": "segment" }, { "source": "card_type" }, { "source": "credit_limit" },
              { "source": "income_band" }, { "source": "card_opened_on" }, { "source": "home_city_population" },
              { "source": "home_lat" }, { "source": "home_lon" }, { "source": "usual_amount" }, { "source": "travel_notice" } ] },
          { "type": "lookup", "table": "merchants", "key": "merchant_id", "columns": [
              { "source": "category" }, { "source": "online" }, { "source": "country" }, { "source": "risk_rating" },
              { "source": "merchant_opened_on" } ] },
          { "type": "elapsed", "from": "previous_paid_at", "to": "paid_at", "unit": "Minutes", "output": "minutes_since_previous" },
          { "type": "elapsed", "from": "birth_date", "to": "paid_at", "unit": "Years", "output": "holder_age" },
          { "type": "elapsed", "from": "card_opened_on", "to": "paid_at", "unit": "Days", "output": "card_age_days" },
          { "type": "elapsed", "from": "merchant_opened_on", "to": "paid_at", "unit": "Days", "output": "merchant_age_days" },
          { "type": "distance", "fromLatitude": "home_lat", "fromLongitude": "home_lon", "toLatitude": "pay_lat", "toLongitude": "pay_lon", "output": "km_from_home" },
          { "type": "ratio", "numerator": "amount", "denominator": "usual_amount", "output": "amount_to_usual" }
        ]
        """)!;

    public static TrainingPlan Plan => new()
    {
        Project = Project,
        Dataset = Payments,
        Target = Target,
        Ignore =
        [
            "payment_id", "card_id", "merchant_id", "pay_lat", "pay_lon", "previous_paid_at", "birth_date", "card_opened_on", "home_lat", "home_lon", "merchant_opened_on",
        ],
        TimeColumn = "paid_at",
        Algorithms = ["logistic", "forest", "boosting"],
        Steps = Steps,
        Name = "demo",
    };
}
