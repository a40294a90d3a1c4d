using Peregrine.Datasets.Tables;

namespace Peregrine.Training.Planning;

/// <summary>
/// Finds texts by which an ignored id can be told all the same: a street that belongs to one card. What is learnt from them is
/// learnt about those cards, looks good as long as the same cards are tested, and fails on new ones.
/// </summary>
internal sealed class DisguisedIds
{
    private const double LeastShareOfIds = 0.6;
    private readonly List<(string Name, int[] Codes, int Distinct)> _ids = [];

    public DisguisedIds(Table prepared, IEnumerable<string> ignored)
    {
        foreach (var column in ignored.Select(prepared.Find).OfType<TableColumn>())
        {
            var codes = Codes(column);
            var distinct = codes.Max() + 1;
            if (distinct >= 2 && distinct * 2 <= column.Rows) _ids.Add((column.Name, codes, distinct));
        }
    }

    /// <summary>The ignored column whose values a text column tells apart, or null.</summary>
    public string? Behind(TextColumn column) =>
        _ids.Find(id => column.Dictionary.Count >= LeastShareOfIds * id.Distinct && IsFixed(column, id.Codes, id.Distinct)).Name;

    /// <summary>Whether all rows of an id have the same text.</summary>
    private static bool IsFixed(TextColumn column, int[] ids, int distinct)
    {
        const int unseen = -2;
        var textOf = new int[distinct];
        textOf.AsSpan().Fill(unseen);
        for (var row = 0; row < ids.Length; row++)
        {
            if (ids[row] < 0) continue;
            ref var text = ref textOf[ids[row]];
            if (text == unseen) text = column.Codes[row];
            else if (text != column.Codes[row]) return false;
        }

        return true;
    }

    private static int[] Codes(TableColumn column)
    {
        if (column is TextColumn text) return text.Codes.ToArray();
        var known = new Dictionary<double, int>();
        return Array.ConvertAll(((NumberColumn)column).Values.ToArray(), value =>
        {
            if (double.IsNaN(value)) return -1;
            if (!known.TryGetValue(value, out var code)) known[value] = code = known.Count;
            return code;
        });
    }
}
