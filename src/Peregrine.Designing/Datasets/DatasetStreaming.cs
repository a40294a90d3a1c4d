using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.Datasets;

/// <summary>The rows of a dataset as a stream, and the question afterwards whether it was whole.</summary>
internal static class DatasetStreaming
{
    private const string Format = "tsv-excel-noheader";

    public static async Task StreamAsync(
        string projectKey, string dataset, HttpContext context, DatasetService datasets, StreamingSessions sessions,
        CancellationToken cancellationToken)
    {
        if (QueryValues.Text(context.Request, "format") is { } format && !string.Equals(format, Format, StringComparison.Ordinal))
            throw Refusal.Invalid($"Rows are streamed as '{Format}', not as '{format}'.");
        var session = QueryValues.Text(context.Request, "readSessionId");
        var (table, columns) = await datasets.ReadForStreamAsync(projectKey, dataset, cancellationToken);
        if (session is not null) sessions.Begin(session);
        context.Response.ContentType = "text/tab-separated-values; charset=utf-8";
        try
        {
            await new TsvWriter(context.Response.BodyWriter, columns).WriteAsync(table.Rows, cancellationToken);
            if (session is not null) sessions.Complete(session);
        }
        catch (InvalidDataException fault)
        {
            if (session is not null) sessions.Fail(session, fault.Message);
            context.Abort();
        }
    }

    public static IResult Finish(string dataset, HttpRequest request, StreamingSessions sessions)
    {
        var session = QueryValues.RequiredText(request, "readSessionId");
        if (!sessions.TryGet(session, out var failure))
            return ApiError.NotFound($"There is no reading of dataset '{dataset}' under '{session}': it ended over an hour ago, or the server was restarted.").AsResult();
        return failure is null ? Rest.Answers.Ok() : ApiError.Conflict(failure, $"{failure} Read the dataset again.", "IncompleteStream").AsResult();
    }
}
