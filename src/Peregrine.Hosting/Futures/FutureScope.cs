namespace Peregrine.Hosting.Futures;

/// <summary>What a running job reports through. Safe to use from several threads.</summary>
public sealed class FutureScope
{
    private readonly Future _future;
    private readonly int _maxLogLines;
    private readonly Action<Future> _changed;

    internal FutureScope(Future future, int maxLogLines, Action<Future> changed)
    {
        _future = future;
        _maxLogLines = maxLogLines;
        _changed = changed;
    }

    public string FutureId => _future.Id;

    /// <param name="fraction">0 to 1; null keeps the last one.</param>
    public void Advance(double? fraction, string phase)
    {
        _future.Advance(fraction, phase);
        _changed(_future);
    }

    public void Log(string line)
    {
        _future.AddLine(line, _maxLogLines);
        _changed(_future);
    }
}
