using Peregrine.Contracts.ApiNode.Shadows;

namespace Peregrine.Deploying.Shadows;

/// <summary>Adds up the comparisons of several nodes. Pure.</summary>
internal static class ShadowReports
{
    /// <param name="reports">With counts; one of each node.</param>
    /// <returns>One of each endpoint, generation that answered and shadow, in that order, without counts.</returns>
    public static IReadOnlyList<ShadowComparisonReport> Merge(IReadOnlyList<ShadowReport> reports) =>
    [
        .. reports.SelectMany(report => report.Comparisons)
            .GroupBy(one => (one.EndpointId, one.Primary, one.Shadow))
            .OrderBy(group => group.Key.EndpointId, StringComparer.Ordinal).ThenBy(group => group.Key.Primary, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Shadow, StringComparer.Ordinal)
            .Select(group => Merge([.. group])),
    ];

    private static ShadowComparisonReport Merge(IReadOnlyList<ShadowComparisonReport> parts)
    {
        var (records, agreed) = (parts.Sum(part => part.Records), parts.Sum(part => part.Agreed));
        return new ShadowComparisonReport
        {
            EndpointId = parts[0].EndpointId,
            Primary = parts[0].Primary,
            Shadow = parts[0].Shadow,
            Records = records,
            Agreed = agreed,
            Agreement = records == 0 ? null : (double)agreed / records,
            Flips = parts.Sum(part => part.Flips),
            FlipPairs = Flips(parts),
            IgnoredDiffer = parts.Sum(part => part.IgnoredDiffer),
            Failed = parts.Sum(part => part.Failed),
            LastFailure = parts.Select(part => part.LastFailure).LastOrDefault(reason => reason is not null),
            ScoreDistance = Distance([.. parts.Select(part => part.ScoreDistance)]),
            LatencyMs = new ShadowLatencies(Latency([.. parts.Select(part => part.LatencyMs.Primary)]), Latency([.. parts.Select(part => part.LatencyMs.Shadow)])),
        };
    }

    private static IReadOnlyList<ShadowFlip> Flips(IReadOnlyList<ShadowComparisonReport> parts) =>
    [
        .. parts.SelectMany(part => part.FlipPairs).GroupBy(flip => (flip.From, flip.To))
            .Select(group => new ShadowFlip(group.Key.From, group.Key.To, group.Sum(flip => flip.Count)))
            .OrderByDescending(flip => flip.Count).ThenBy(flip => flip.From, StringComparer.Ordinal).ThenBy(flip => flip.To, StringComparer.Ordinal),
    ];

    private static ShadowDistance Distance(IReadOnlyList<ShadowDistance> parts)
    {
        var records = parts.Sum(part => part.Records);
        return records == 0
            ? new ShadowDistance(0, null, null)
            : new ShadowDistance(records, parts.Sum(part => (part.Mean ?? 0) * part.Records) / records, parts.Max(part => part.Max));
    }

    private static LatencyFigures Latency(IReadOnlyList<LatencyFigures> parts)
    {
        var count = parts.Sum(part => part.Count);
        var buckets = parts.SelectMany(part => part.Buckets ?? []).Where(bucket => bucket is [_, _]).GroupBy(bucket => bucket[0])
            .Select(group => (Upper: group.Key, Count: group.Sum(bucket => bucket[1]))).OrderBy(bucket => bucket.Upper).ToList();
        return new LatencyFigures
        {
            Count = count,
            Mean = count == 0 ? 0 : parts.Sum(part => part.Mean * part.Count) / count,
            P50 = Percentile(buckets, 0.5),
            P99 = Percentile(buckets, 0.99),
        };
    }

    /// <returns>Milliseconds; the upper end of the bucket that the percentile falls into, as a node tells it.</returns>
    private static double Percentile(List<(long Upper, long Count)> buckets, double share)
    {
        var wanted = (long)Math.Ceiling(share * buckets.Sum(bucket => bucket.Count));
        var seen = 0L;
        foreach (var (upper, count) in buckets)
        {
            seen += count;
            if (seen >= wanted) return upper / 1000.0;
        }

        return 0;
    }
}
