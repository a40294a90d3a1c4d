namespace Peregrine.Packages;

/// <summary>Finds the name that a caller may have meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest edits from the given one, case aside, if they are few for its length; else null.</summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        if (given.Length > 100) return null;
        var best = known.Where(name => name.Length <= 100)
            .Select(name => (Name: name, Edits: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Edits).FirstOrDefault();
        return best.Name is not null && best.Edits <= (given.Length + 2) / 3 ? best.Name : null;
    }

    /// <summary>Insertions, deletions, changes and swaps of neighbours (Damerau-Levenshtein, each stretch edited once). O(a · b).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[3, b.Length + 1];
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (row, above, twoAbove) = (i % 3, (i + 2) % 3, (i + 1) % 3);
            rows[row, 0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[above, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[row, j] = Math.Min(change, Math.Min(rows[above, j], rows[row, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[row, j] = Math.Min(rows[row, j], rows[twoAbove, j - 2] + 1);
            }
        }

        return rows[a.Length % 3, b.Length];
    }
}
