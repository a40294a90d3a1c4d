namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>
/// A shape on its way in. The node takes [n] and [n,1]; whatever else comes is told apart only to say what is wrong with it.
/// </summary>
internal struct TensorShape
{
    private int _rank;
    private bool _overflows;
    private bool _isNegative;
    private bool _isWide;
    private ulong _rows;

    /// <summary>One dimension more.</summary>
    public void Add(ulong dimension)
    {
        if (_rank++ == 0) _rows = dimension;
        else if (dimension != 1) _isWide = true;
        if (dimension > int.MaxValue) _overflows = true;
    }

    /// <summary>A dimension below zero.</summary>
    public void AddNegative()
    {
        _rank++;
        _isNegative = true;
    }

    /// <summary>A dimension too long to be a number of 64 bits.</summary>
    public void AddOverflowing()
    {
        _rank++;
        _overflows = true;
    }

    /// <summary>What is wrong, or null.</summary>
    public readonly string? Fault =>
        _rank == 0 ? "has no dimension"
        : _isNegative ? "has a negative dimension"
        : _overflows ? "multiplies to more elements than can be counted here"
        : _isWide ? "has more than one element per record"
        : null;

    public readonly int Rows => Fault is null ? (int)_rows : 0;
}
