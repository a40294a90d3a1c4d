using System.Text;

namespace Peregrine.Hosting.Telemetry;

/// <summary>Takes the series that a filter does not keep off a page in Prometheus's or OpenMetrics' text format.</summary>
internal static class SeriesFilters
{
    public static string Apply(string page, IReadOnlyList<ISeriesFilter> filters)
    {
        if (filters.Count == 0) return page;
        var kept = new StringBuilder(page.Length);
        var rest = page.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            var line = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[line.Length..];
            if (IsKept(line, filters)) kept.Append(line);
        }

        return kept.ToString();
    }

    private static bool IsKept(ReadOnlySpan<char> line, IReadOnlyList<ISeriesFilter> filters)
    {
        if (line[0] == '#' || line.IndexOf('{') is var open && open < 0) return true;
        if (Label(line[open..], "service") is not { } service) return true;
        var generation = Label(line[open..], "generation") ?? "";
        foreach (var filter in filters)
            if (!filter.Keeps(service, generation)) return false;
        return true;
    }

    /// <summary>The value of a label, escapes as they are: ids have none. Null when the series does not have it.</summary>
    private static string? Label(ReadOnlySpan<char> labels, string name)
    {
        foreach (var before in "{,")
        {
            var start = labels.IndexOf($"{before}{name}=\"");
            if (start < 0) continue;
            var value = labels[(start + name.Length + 3)..];
            var end = value.IndexOf('"');
            return end < 0 ? null : value[..end].ToString();
        }

        return null;
    }
}
