namespace Peregrine.Hosting.Health;

/// <summary>Whether a condition of readiness holds, and in words why not.</summary>
public readonly record struct Readiness(bool IsReady, string? Reason)
{
    public static readonly Readiness Ready = new(true, null);

    /// <summary>Ready, with something an operator should know; the verbose probe tells it.</summary>
    public static Readiness ReadyWith(string remark) => new(true, remark);

    public static Readiness NotReady(string reason) => new(false, reason);
}
