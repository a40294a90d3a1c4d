namespace Peregrine.Serving.Changes;

/// <summary>What a change does about generations that should be loaded and are not.</summary>
/// <param name="Must">Whether the change fails when this generation cannot be loaded; otherwise it is noted as failed.</param>
/// <param name="RetryFailed">Whether one that failed before is tried again although it need not succeed.</param>
internal sealed record LoadRules(Func<string, bool> Must, bool RetryFailed)
{
    /// <summary>Nothing has to succeed, and what failed stays failed.</summary>
    public static readonly LoadRules Lenient = new(_ => false, RetryFailed: false);

    /// <summary>Nothing has to succeed, and everything is tried.</summary>
    public static readonly LoadRules TryAll = new(_ => false, RetryFailed: true);
}
