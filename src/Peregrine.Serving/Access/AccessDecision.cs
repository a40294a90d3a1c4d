using Peregrine.Hosting.Errors;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access;

/// <summary>Either the caller that may ask, or why not, or neither yet.</summary>
internal readonly record struct AccessDecision(CallerKey? Caller, ApiError? Error = null)
{
    public static AccessDecision Anyone => new(CallerKey.Anyone);

    /// <summary>Only <see cref="AccessControl.AuthorizeAsync"/> can tell: a token is here for the first time.</summary>
    public static AccessDecision Pending => default;

    public bool IsPending => Caller is null && Error is null;
}
