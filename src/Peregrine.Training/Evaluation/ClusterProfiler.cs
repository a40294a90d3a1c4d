using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.Training.Evaluation;

/// <summary>What is in each cluster: sizes, and fields against the whole.</summary>
internal static class ClusterProfiler
{
    /// <param name="fields">Columns to look at; moments and days are left out.</param>
    /// <param name="labels">Class by row of the columns; -1 is in none.</param>
    /// <param name="classes">The model's.</param>
    public static IReadOnlyList<ClusterFigures> Profile(IEnumerable<TableColumn> fields, int[] labels, IReadOnlyList<string> classes)
    {
        var rows = new int[classes.Count];
        foreach (var label in labels)
            if (label >= 0) rows[label]++;
        var facts = classes.Select(_ => new List<ClusterFact>()).ToArray();
        foreach (var column in fields)
        {
            var found = column switch
            {
                TextColumn text => Categories(text, labels, classes.Count),
                NumberColumn { Kind: not (FieldKind.Date or FieldKind.DateTime) } numbers => Means(numbers, labels, classes.Count),
                _ => [],
            };
            foreach (var (cluster, fact) in found) facts[cluster].Add(fact);
        }

        return
        [
            .. classes.Select((label, at) => new ClusterFigures(
                label, rows[at], labels.Length == 0 ? 0 : (double)rows[at] / labels.Length,
                [.. facts[at].OrderByDescending(fact => Math.Abs(fact.Effect)).ThenBy(fact => fact.Field, StringComparer.Ordinal)])),
        ];
    }

    private static IEnumerable<(int Cluster, ClusterFact Fact)> Means(NumberColumn column, int[] labels, int clusters)
    {
        var (all, within) = (new Running(), new Running[clusters]);
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0 || column.IsMissing(row)) continue;
            all.Add(column[row]);
            within[labels[row]].Add(column[row]);
        }

        for (var cluster = 0; cluster < clusters; cluster++)
        {
            if (within[cluster].Count == 0) continue;
            var difference = within[cluster].Mean - all.Mean;
            yield return (cluster, new ClusterFact(column.Name, null, within[cluster].Mean, all.Mean, all.Deviation > 0 ? difference / all.Deviation : 0));
        }
    }

    private static IEnumerable<(int Cluster, ClusterFact Fact)> Categories(TextColumn column, int[] labels, int clusters)
    {
        var known = column.Dictionary.Count;
        var (all, within) = (new int[known], new int[clusters, known]);
        for (var row = 0; row < labels.Length; row++)
        {
            var code = column.Codes[row];
            if (labels[row] < 0 || code < 0) continue;
            all[code]++;
            within[labels[row], code]++;
        }

        var total = all.Sum();
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var (mode, rows) = (0, 0);
            for (var code = 0; code < known; code++)
            {
                rows += within[cluster, code];
                if (within[cluster, code] > within[cluster, mode]) mode = code;
            }

            if (rows == 0) continue;
            var (inside, overall) = ((double)within[cluster, mode] / rows, (double)all[mode] / total);
            var deviation = Math.Sqrt(overall * (1 - overall));
            yield return (cluster, new ClusterFact(column.Name, column.Dictionary.Text(mode), inside, overall, deviation > 0 ? (inside - overall) / deviation : 0));
        }
    }

    /// <summary>Mean and deviation of values as they come, by Welford's rule.</summary>
    private struct Running
    {
        private double _squares;

        public int Count { get; private set; }

        public double Mean { get; private set; }

        public readonly double Deviation => Count == 0 ? 0 : Math.Sqrt(_squares / Count);

        public void Add(double value)
        {
            var delta = value - Mean;
            Mean += delta / ++Count;
            _squares += delta * (value - Mean);
        }
    }
}
