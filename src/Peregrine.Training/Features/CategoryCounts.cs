using Peregrine.Datasets.Tables;

namespace Peregrine.Training.Features;

/// <summary>The values of a text column, most frequent first.</summary>
internal sealed class CategoryCounts
{
    private readonly TextColumn _column;
    private readonly int[] _order;
    private readonly int[] _counts;

    public CategoryCounts(TextColumn column)
    {
        _column = column;
        _counts = new int[column.Dictionary.Count];
        foreach (var code in column.Codes)
            if (code >= 0) _counts[code]++;
        _order = [.. Enumerable.Range(0, _counts.Length).OrderByDescending(code => _counts[code]).ThenBy(code => column.Dictionary.Text(code), StringComparer.Ordinal)];
    }

    public int Count => _order.Length;

    /// <summary>The most frequent values with at least so many rows, at most so many; at least one.</summary>
    public string[] Frequent(int most, int leastRows) =>
        [.. _order.Where((code, place) => place == 0 || (place < most && _counts[code] >= leastRows)).Select(_column.Dictionary.Text)];
}
