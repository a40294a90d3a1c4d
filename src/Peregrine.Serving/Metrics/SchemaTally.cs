using System.Runtime.CompilerServices;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;

namespace Peregrine.Serving.Metrics;

/// <summary>What was noted of the records of one call, by kind: counted once its answer stands, so that a call that starts over counts nothing twice.</summary>
internal struct SchemaTally
{
    private Cells _cells;
    private bool _any;

    public readonly bool IsEmpty => !_any;

    public readonly long this[int kind] => _cells[kind];

    public void Add(RecordNotes notes)
    {
        _any = true;
        for (var kind = 0; kind < RecordWarnings.Codes.Count; kind++) _cells[kind] += notes.CountOf(RecordWarnings.Codes[kind]);
    }

    [InlineArray(6)]
    private struct Cells
    {
        private long _first;
    }
}
