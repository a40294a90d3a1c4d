namespace Peregrine.Training;

/// <summary>Help with column names that are not there.</summary>
internal static class Names
{
    /// <summary>An error that names the column nearest to the wanted one.</summary>
    public static TrainingException Unknown(string role, string wanted, IEnumerable<string> known)
    {
        var columns = known.ToList();
        var nearest = Nearest(wanted, columns);
        var hint = nearest is not null ? $"Did you mean '{nearest}'?" : $"The columns are: {string.Join(", ", columns.Take(30))}{(columns.Count > 30 ? ", …" : "")}.";
        return new TrainingException(TrainingErrorCode.UnknownColumn, $"{role} '{wanted}' is no column of the table.", hint, wanted);
    }

    /// <summary>The name with the fewest edits to the wanted one, if they are at most a third of its letters (or the case alone).</summary>
    public static string? Nearest(string wanted, IEnumerable<string> known)
    {
        var best = known.Select(name => (Name: name, Edits: Edits(wanted.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(pair => pair.Edits).FirstOrDefault();
        return best.Name is not null && best.Edits <= Math.Max(1, wanted.Length / 3) ? best.Name : null;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
