using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Training.Planning;

/// <summary>Rows that a preparation step rules out: the API node would not score them, so they are neither learnt from nor tested on.</summary>
internal static class RuledOutRows
{
    /// <summary>The target without them, and a warning for each reason.</summary>
    public static (TargetValues Target, IReadOnlyList<string> Warnings) LeaveOut(
        TargetValues target, PreparationProgram preparation, Table table, CancellationToken cancellationToken)
    {
        if (!preparation.CanIgnore) return (target, []);
        var filler = table.Bind(preparation.Inputs);
        var record = new TypedRecord(preparation.Layout.Count);
        var kept = new List<int>(target.Rows.Length);
        var counts = new int[IgnoreReasons.All.Count];
        for (var at = 0; at < target.Rows.Length; at++)
        {
            if ((at & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            filler.Fill(target.Rows[at], record);
            if (preparation.Apply(record) is { } reason) counts[IgnoreReasons.IndexOf(reason)]++;
            else kept.Add(target.Rows[at]);
        }

        return (target with { Rows = [.. kept] }, [.. IgnoreReasons.All.Zip(counts).Where(pair => pair.Second > 0).Select(pair => $"{pair.Second:N0} rows were left out: {Words(pair.First)}.")]);
    }

    private static string Words(string reason) => reason == IgnoreReasons.MultipleLookupMatches
        ? "the key of a lookup stands in several rows of its table"
        : "the key of a lookup stands in no row of its table";
}
