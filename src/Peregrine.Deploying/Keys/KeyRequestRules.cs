using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Keys;

/// <summary>What the asking for a key must fulfil.</summary>
internal static class KeyRequestRules
{
    private const int LongestLabel = 200;
    private const long LongestOverlap = 315_576_000; // ten years
    private const long LastMoment = 253_402_300_799_999; // the last millisecond of year 9999

    /// <param name="endpoints">Those of the service's versions.</param>
    public static void Check(NewKeyRequest request, IReadOnlySet<string> endpoints, DateTimeOffset now)
    {
        var errors = new List<ApiErrorItem>();
        if (string.IsNullOrWhiteSpace(request.Label)) errors.Add(new("/label", "LabelNeeded", "Say what the key is for, such as the caller's name."));
        else if (request.Label.Length > LongestLabel) errors.Add(new("/label", "TooLong", $"A label has at most {LongestLabel} characters."));
        CheckExpiry(errors, request.Expiry, now);
        if (request.Endpoints is { Count: 0 }) errors.Add(new("/endpoints", "NoEndpoint", "Such a key would open nothing. Leave the list out to open all endpoints."));
        for (var i = 0; i < (request.Endpoints?.Count ?? 0); i++)
            if (request.Endpoints![i] is not { } endpoint || !endpoints.Contains(endpoint))
                errors.Add(new($"/endpoints/{i}", "UnknownEndpoint", $"The service has no endpoint '{request.Endpoints[i]}'. It has: {string.Join(", ", endpoints.Order(StringComparer.Ordinal))}."));
        if (errors.Count > 0) throw Refusals.Invalid("The new key", errors);
    }

    public static void Check(RotateKeyRequest request, DateTimeOffset now)
    {
        var errors = new List<ApiErrorItem>();
        if (request.OverlapSeconds is { } overlap and not (>= 0 and <= LongestOverlap))
            errors.Add(new("/overlapSeconds", "OutOfRange", $"An overlap is 0 to {LongestOverlap} seconds long, not {overlap}."));
        CheckExpiry(errors, request.Expiry, now);
        if (errors.Count > 0) throw Refusals.Invalid("The new key", errors);
    }

    private static void CheckExpiry(List<ApiErrorItem> errors, long? expiry, DateTimeOffset now)
    {
        if (expiry > LastMoment) errors.Add(new("/expiry", "OutOfRange", "An expiry is given in milliseconds since 1970, up to year 9999."));
        else if (expiry <= now.ToUnixTimeMilliseconds()) errors.Add(new("/expiry", "PastExpiry", "It lies in the past: a new key would never work."));
    }
}
