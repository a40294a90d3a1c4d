using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Models.Drift;

namespace Peregrine.Packages.Drift;

/// <summary>Puts reports together: from the counts of one node, and from the reports of many.</summary>
public static class DriftReports
{
    /// <param name="head">What is known of the report apart from its fields.</param>
    /// <param name="binner">Numbers the cells of <paramref name="live"/>.</param>
    /// <param name="live">Shape [cells of the binner].</param>
    public static DriftReport Of(DriftReport head, ReferenceBinner binner, ReadOnlySpan<long> live)
    {
        var reference = binner.Reference;
        var features = new List<FieldDrift>();
        var predictions = new List<FieldDrift>();
        foreach (var (place, field) in reference.Inputs.Concat(reference.Predictions).Index())
            (place < reference.Inputs.Count ? features : predictions).Add(Of(field, live.Slice(binner.StartOf(place), field.Cells)));
        return DriftComparison.Judge(head with { Features = features, Predictions = predictions });
    }

    /// <summary>One report per endpoint and generation: counts of nodes that have the same reference are added, and everything is computed anew.</summary>
    /// <param name="answers">With counts.</param>
    /// <remarks>Reports without a reference to compare with are passed on once. Of reports with different references, each reference keeps its own.</remarks>
    public static DriftAnswer Merge(IEnumerable<DriftAnswer> answers) => new()
    {
        Reports =
        [
            .. answers.SelectMany(answer => answer.Reports)
                .GroupBy(report => (report.ServiceId, report.EndpointId, report.Generation, report.Window, report.State, report.Reference))
                .OrderBy(group => group.Key.ServiceId, StringComparer.Ordinal).ThenBy(group => group.Key.EndpointId, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Generation, StringComparer.Ordinal)
                .Select(group => Merge([.. group])),
        ],
    };

    private static DriftReport Merge(IReadOnlyList<DriftReport> reports)
    {
        var first = reports[0];
        if (reports.Count == 1 && first.State != DriftState.Compared) return first;
        var merged = first with
        {
            Nodes = reports.Sum(report => report.Nodes),
            From = reports.Min(report => report.From),
            To = reports.Max(report => report.To),
            MemoryBytes = reports.Sum(report => report.MemoryBytes),
        };
        return first.State != DriftState.Compared ? merged : DriftComparison.Judge(merged with
        {
            Features = Add([.. reports.Select(report => report.Features)]),
            Predictions = Add([.. reports.Select(report => report.Predictions)]),
        });
    }

    private static FieldDrift[] Add(IReadOnlyList<IReadOnlyList<FieldDrift>> reports) =>
    [
        .. reports[0].Select(field => field with { Counts = Add([.. reports.Select(report => report.FirstOrDefault(other => other.Name == field.Name) ?? throw NotMergeable())]) }),
    ];

    /// <exception cref="ArgumentException">A report came without counts, or with others than its reference has.</exception>
    private static FieldCounts Add(IReadOnlyList<FieldDrift> fields)
    {
        var first = fields[0].Counts ?? throw NotMergeable();
        var live = new long[first.Training.Count];
        foreach (var field in fields)
        {
            if (field.Counts is not { } counts || counts.Live.Count != live.Length || !counts.Training.SequenceEqual(first.Training)) throw NotMergeable();
            for (var cell = 0; cell < live.Length; cell++) live[cell] += counts.Live[cell];
        }

        return first with { Live = live };
    }

    private static ArgumentException NotMergeable() => new("Only reports with counts of the same reference can be merged.");

    private static FieldDrift Of(FieldReference field, ReadOnlySpan<long> live) => new()
    {
        Name = field.Name,
        Kind = FieldKinds.Of(field.Kind),
        Importance = field.Importance,
        Counts = new FieldCounts { Edges = field.Edges, Values = [.. field.Values.Take(field.OwnCells)], Training = field.Counts, Live = live.ToArray() },
    };
}
