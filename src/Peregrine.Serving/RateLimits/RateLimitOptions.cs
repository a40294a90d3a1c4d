using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.RateLimits;

/// <summary>How the node keeps rate limits and quotas. A value out of range stops the start with a message that names it.</summary>
public sealed class RateLimitOptions
{
    public const string Section = ServingOptions.Section + ":RateLimits";

    /// <summary>Most rules of one service: 1 to 1,000, default 32. One more is answered 409 <c>TooManyRules</c>.</summary>
    [Range(1, 1_000)]
    public int MaxRulesPerService { get; set; } = 32;

    /// <summary>How often what quotas have counted is written down: 1 s to 1 h, default 5 s. A killed process loses the counts since then; a clean stop loses none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan QuotaSaveInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether answers carry <c>RateLimit-Policy</c> and <c>RateLimit</c>. Default: yes.</summary>
    public bool Headers { get; set; } = true;
}
