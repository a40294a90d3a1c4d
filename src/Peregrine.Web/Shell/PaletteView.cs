namespace Peregrine.Web.Shell;

/// <summary>The command palette: all places, narrowed by what is typed, one of them chosen.</summary>
public sealed class PaletteView(IEnumerable<IPaletteSource> sources)
{
    private const int MaxShown = 12;
    private IReadOnlyList<PaletteEntry> _all = [];

    public string Query { get; private set; } = "";

    public IReadOnlyList<PaletteEntry> Shown { get; private set; } = [];

    public int Chosen { get; private set; }

    public PaletteEntry? ChosenEntry => Chosen < Shown.Count ? Shown[Chosen] : null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var all = new List<PaletteEntry>();
        foreach (var source in sources) all.AddRange(await source.ListAsync(cancellationToken));
        _all = all;
        Type(Query);
    }

    public void Type(string query)
    {
        Query = query;
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Shown = [.. _all.Select(entry => (entry, rank: Rank(entry, words))).Where(e => e.rank > 0).OrderByDescending(e => e.rank).Take(MaxShown).Select(e => e.entry)];
        Chosen = 0;
    }

    public void Move(int by) => Chosen = Shown.Count == 0 ? 0 : (Chosen + by + Shown.Count) % Shown.Count;

    /// <summary>0 when a word is missing; a word at the start of the name counts more than one inside, that more than one in the context.</summary>
    private static int Rank(PaletteEntry entry, string[] words)
    {
        var rank = 1;
        foreach (var word in words)
        {
            var points = entry.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 8
                : entry.Name.Contains(word, StringComparison.OrdinalIgnoreCase) ? 4
                : entry.Kind.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 2
                : entry.Context?.Contains(word, StringComparison.OrdinalIgnoreCase) == true ? 1 : 0;
            if (points == 0) return 0;
            rank += points;
        }
        return rank;
    }
}
