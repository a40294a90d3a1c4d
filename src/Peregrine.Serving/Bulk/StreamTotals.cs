namespace Peregrine.Serving.Bulk;

/// <summary>What a stream came to.</summary>
internal struct StreamTotals
{
    /// <summary>Records with a result, ignored ones included.</summary>
    public long Rows;

    /// <summary>Records that the model did not score.</summary>
    public long Ignored;

    /// <summary>Records that could not be read.</summary>
    public long Errors;

    /// <summary>Whether it ended before its input.</summary>
    public bool Stopped;
}
