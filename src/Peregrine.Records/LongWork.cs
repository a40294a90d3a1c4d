namespace Peregrine.Records;

/// <summary>
/// Where work that keeps a processor busy for milliseconds gives way to others: what loads models says so at its steps, and a host that has better things to do on the
/// same core says, for the thread that does the work, what giving way means. Without a host it means nothing.
/// </summary>
public static class LongWork
{
    [ThreadStatic]
    private static Action? t_giveWay;

    /// <summary>Called between steps, also of some microseconds each.</summary>
    public static void GiveWay() => t_giveWay?.Invoke();

    /// <param name="giveWay">What this thread does from now on at each <see cref="GiveWay"/>; null: nothing.</param>
    public static void OnThisThread(Action? giveWay) => t_giveWay = giveWay;
}
