using System.Globalization;
using Peregrine.Contracts.ApiNode;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer.RateLimits;

/// <summary>One rule as people type it. Only what is no number is refused here; everything else by the Deployer, at the same fields.</summary>
public sealed class LimitForm
{
    public string Id { get; set; } = "";
    public string Limit { get; set; } = "";
    public string Unit { get; set; } = "requests";

    /// <summary><c>window</c>, or the period of a quota: <c>hour</c>, <c>day</c> or <c>month</c>.</summary>
    public string Kind { get; set; } = "window";

    public string Window { get; set; } = "1";

    /// <summary>Seconds of the unit that the window is typed in: 1, 60 or 3600.</summary>
    public int WindowUnit { get; set; } = 1;

    public string Per { get; set; } = "key";

    /// <summary>Empty: all.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Empty: all.</summary>
    public string Key { get; set; } = "";

    public static LimitForm Of(RateLimitRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var full = rule.Normalized();
        var seconds = full.WindowSeconds ?? 1;
        var unit = seconds % 3600 == 0 ? 3600 : seconds % 60 == 0 ? 60 : 1;
        return new LimitForm
        {
            Id = full.Id ?? "", Limit = full.Limit?.ToString(CultureInfo.InvariantCulture) ?? "", Unit = full.Unit!, Kind = full.Period ?? "window",
            Window = (seconds / unit).ToString(CultureInfo.InvariantCulture), WindowUnit = unit, Per = full.Per!, Endpoint = full.Endpoint ?? "", Key = full.Key ?? "",
        };
    }

    /// <summary>The rule, or what of it is no number.</summary>
    /// <param name="at">Its place in the list, for the places of the fault.</param>
    public (RateLimitRule? Rule, Fault? Fault) Read(int at)
    {
        var places = new List<FaultPlace>();
        var limit = Number(Limit, $"/rateLimits/{at}/limit", places);
        var window = Kind == "window" ? Number(Window, $"/rateLimits/{at}/windowSeconds", places) : null;
        if (window * WindowUnit > int.MaxValue) places.Add(new FaultPlace($"/rateLimits/{at}/windowSeconds", "A window is at most one day long."));
        if (places.Count > 0) return (null, new Fault(400, "The rule cannot be read.") { Places = places });
        return (new RateLimitRule
        {
            Id = Id.Trim(), Limit = limit, Unit = Unit, WindowSeconds = (int?)(window * WindowUnit), Period = Kind == "window" ? null : Kind, Per = Per, Endpoint = Or(Endpoint), Key = Or(Key),
        }, null);
    }

    private static long? Number(string text, string where, List<FaultPlace> places)
    {
        if (long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1L << 52) return number;
        places.Add(new FaultPlace(where, text.Trim().Length == 0 ? "Say how much." : $"'{text.Trim()}' is not a whole number."));
        return null;
    }

    private static string? Or(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
