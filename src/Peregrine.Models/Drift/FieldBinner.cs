using System.Numerics;
using System.Text;
using Peregrine.Records;

namespace Peregrine.Models.Drift;

/// <summary>From a value of one field to its cell. Training counts with it and so does the API node. Thread-safe, allocates nothing.</summary>
public sealed class FieldBinner
{
    private const double SecondsPerHour = 3600;
    private const double SecondsPerDay = 86_400;

    private readonly ReferenceKind _kind;
    private readonly double[] _edges; // padded by infinity to a power of two
    private readonly Utf8Table _values;
    private readonly int _ownCells;

    public FieldBinner(FieldReference field)
    {
        _kind = field.Kind;
        Cells = field.Cells;
        _ownCells = field.OwnCells;
        _values = new Utf8Table(field.Values.Select(Encoding.UTF8.GetBytes));
        _edges = new double[BitOperations.RoundUpToPowerOf2((uint)field.Edges.Count + 1)];
        _edges.AsSpan().Fill(double.PositiveInfinity);
        for (var i = 0; i < field.Edges.Count; i++) _edges[i] = field.Edges[i];
    }

    /// <summary>How many cells there are; the last one is for missing values.</summary>
    public int Cells { get; }

    public int CellOf(TypedRecord record, int slot)
    {
        if (_kind is not (ReferenceKind.Category or ReferenceKind.Text)) return CellOf(record.Number(slot));
        return record.TryGetText(slot, out var text) ? CellOf(text) : Cells - 1;
    }

    /// <param name="value">NaN is missing.</param>
    public int CellOf(double value)
    {
        if (double.IsNaN(value)) return Cells - 1;
        return _kind switch
        {
            ReferenceKind.Number => EdgesBelow(value),
            ReferenceKind.HourOfDay => Cycle(Math.Floor(value / SecondsPerHour), 24),
            ReferenceKind.DayOfWeek => Cycle(Math.Floor(value / SecondsPerDay) + 3, 7), // 1970-01-01 was a Thursday
            _ => Cells - 1,
        };
    }

    /// <param name="text">Not empty.</param>
    public int CellOf(ReadOnlySpan<byte> text)
    {
        if (_kind == ReferenceKind.Text) return 0;
        var value = _values.IndexOf(text);
        return value < 0 ? _ownCells + 1 : Math.Min(value, _ownCells);
    }

    /// <summary>A binary search without branches to guess wrongly: the number of edges that are less than the value.</summary>
    private int EdgesBelow(double value)
    {
        var edges = _edges;
        var at = 0;
        for (var half = edges.Length >> 1; half > 0; half >>= 1)
            at += (edges[at + half - 1] < value ? 1 : 0) * half;
        return at;
    }

    private static int Cycle(double count, int length) => (int)(count - length * Math.Floor(count / length));
}
