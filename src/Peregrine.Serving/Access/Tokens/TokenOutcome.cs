using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>A token opens the service, or why it does not.</summary>
/// <param name="Basis">What it was found good by.</param>
/// <param name="Reason">One of a few fixed words, for counts.</param>
internal sealed record TokenOutcome(Grant? Grant, object? Basis, ApiError? Error, string Reason)
{
    public static TokenOutcome Refuse(string reason, ApiError error) => new(null, null, error, reason);
}
