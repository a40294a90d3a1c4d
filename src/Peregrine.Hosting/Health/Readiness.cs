namespace Peregrine.Hosting.Health;

/// <summary>Whether a condition of readiness holds, and in words why not.</summary>
public readonly record struct Readiness(bool IsReady, string? Reason)
{
    public static readonly Readiness Ready = new(true, null);

    public static Readiness NotReady(string reason) => new(false, reason);
}
