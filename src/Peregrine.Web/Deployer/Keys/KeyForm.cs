using System.Globalization;
using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer.Keys;

/// <summary>A new key as people ask for it, or one in place of another.</summary>
public sealed class KeyForm
{
    /// <summary>The key that it takes the place of; null: none.</summary>
    public DeploymentKey? Old { get; init; }

    public string Label { get; set; } = "";

    /// <summary>A day in UTC, at whose end the key ends, as <c>2027-01-31</c>; empty: never.</summary>
    public string Until { get; set; } = "";

    /// <summary>Empty: all.</summary>
    public HashSet<string> Endpoints { get; } = new(StringComparer.Ordinal);

    public string Overlap { get; set; } = "24";

    /// <summary>Seconds of the unit that the overlap is typed in: 60, 3600 or 86400.</summary>
    public int OverlapUnit { get; set; } = 3600;

    public void Choose(string endpoint, bool chosen)
    {
        if (chosen) Endpoints.Add(endpoint);
        else Endpoints.Remove(endpoint);
    }

    public (NewKeyRequest? Request, Fault? Fault) ReadNew()
    {
        var (expiry, fault) = ReadUntil();
        return fault is not null ? (null, fault) : (new NewKeyRequest
        {
            Label = Label, Expiry = expiry, Endpoints = Endpoints.Count == 0 ? null : [.. Endpoints.Order(StringComparer.Ordinal)],
        }, null);
    }

    public (RotateKeyRequest? Request, Fault? Fault) ReadRotation()
    {
        var (expiry, fault) = ReadUntil();
        if (fault is not null) return (null, fault);
        if (!int.TryParse(Overlap.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var overlap))
            return (null, Bad("/overlapSeconds", $"'{Overlap.Trim()}' is not a whole number."));
        return (new RotateKeyRequest { OverlapSeconds = (long)overlap * OverlapUnit, Expiry = expiry }, null);
    }

    private (long? Expiry, Fault? Fault) ReadUntil()
    {
        if (string.IsNullOrWhiteSpace(Until)) return (null, null);
        return DateOnly.TryParseExact(Until.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? (new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds(), null)
            : (null, Bad("/expiry", $"'{Until.Trim()}' is not a day such as 2027-01-31."));
    }

    private static Fault Bad(string where, string message) => new(400, "The key cannot be made.") { Places = [new FaultPlace(where, message)] };
}
