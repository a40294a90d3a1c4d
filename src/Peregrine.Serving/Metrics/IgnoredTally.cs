using System.Runtime.CompilerServices;
using Peregrine.Models;

namespace Peregrine.Serving.Metrics;

/// <summary>Ignored records of one call by reason: counted once its answer stands, so that a call that starts over counts nothing twice.</summary>
internal struct IgnoredTally
{
    private Cells _cells;
    private bool _any;

    public readonly bool IsEmpty => !_any;

    /// <param name="reason">A place in <see cref="IgnoreReasons.All"/>.</param>
    public readonly long this[int reason] => _cells[reason];

    /// <param name="reason">One of <see cref="IgnoreReasons.All"/>.</param>
    public void Add(string reason)
    {
        _any = true;
        _cells[IgnoreReasons.IndexOf(reason)]++;
    }

    [InlineArray(3)]
    private struct Cells
    {
        private long _first;
    }
}
