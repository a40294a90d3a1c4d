using System.Text;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Telemetry;

/// <summary>The page of the exporter without the series that <see cref="ISeriesFilter"/>s take away, and behind it what <see cref="IMetricsSource"/>s write.</summary>
internal static class MetricsPage
{
    private const string End = "# EOF\n";

    public static async Task WriteAsync(HttpContext context, RequestDelegate exporter, IReadOnlyList<IMetricsSource> sources, IReadOnlyList<ISeriesFilter> filters)
    {
        var target = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await exporter(context);
        }
        finally
        {
            context.Response.Body = target;
        }

        var page = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        if (context.Response.StatusCode == StatusCodes.Status200OK) page = Append(SeriesFilters.Apply(page, filters), context.Response.ContentType, sources);
        context.Response.ContentLength = null;
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static string Append(string page, string? contentType, IReadOnlyList<IMetricsSource> sources)
    {
        var openMetrics = contentType?.StartsWith("application/openmetrics-text", StringComparison.Ordinal) == true;
        var text = new MetricsText(openMetrics);
        foreach (var source in sources) source.Write(text);
        var end = page.LastIndexOf(End, StringComparison.Ordinal);
        return end < 0 ? page + text : page[..end] + text + End;
    }
}
