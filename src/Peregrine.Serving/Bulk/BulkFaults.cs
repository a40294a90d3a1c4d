using System.Globalization;
using System.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>What can be wrong with a stream as a whole, before its first result.</summary>
internal static class BulkFaults
{
    private const int LongestExcerpt = 60;

    public static ApiError BadHeader(string why) => ApiError.BadRequest(
        $"The CSV header cannot be read: {why}.", $"The CSV header cannot be read: {why}. The first row names the features, separated by commas.", "MalformedCsv");

    public static ApiError Header(RecordFault fault, PredictionEndpoint endpoint, IReadOnlyList<byte[]> names, int column)
    {
        var inputs = endpoint.Model.Spec.Inputs;
        var name = Encoding.UTF8.GetString(names[column]);
        switch (fault.Code)
        {
            case RecordFaultCode.DuplicateField:
                return Item(name, "DuplicateField", $"Column '{name}' stands twice in the CSV header.");
            case RecordFaultCode.UnknownField:
                var near = NearestName.Find(name, inputs.Select(input => input.Name));
                return Item(name, "UnknownField", $"Column '{name}' of the CSV header is not a feature of this model.{(near is null ? "" : $" Did you mean '{near}'?")}");
            default:
                var given = names.Select(Encoding.UTF8.GetString).ToHashSet(StringComparer.Ordinal);
                var missing = inputs.Select(input => input.Name).Where(input => !given.Contains(input)).ToList();
                var message = $"The CSV header lacks {string.Join(", ", missing.Take(50).Select(one => $"'{one}'"))}. A missing value is an empty cell.";
                return ApiError.BadRequest(message, errorType: "MissingField") with
                {
                    Errors = [.. missing.Take(50).Select(one => new ApiErrorItem(PredictionFaults.Pointer(one), "MissingField", $"Column '{one}' is not in the CSV header."))],
                };
        }
    }

    /// <summary>Why a stream was stopped: the record that cannot be read, or the limit that it came to.</summary>
    public static ApiError First(RowError error) => error.Code == LimitFaults.DeadlineExceeded.ErrorType
        ? LimitFaults.DeadlineExceeded
        : ApiError.BadRequest($"Line {error.Line}: {error.Message}", errorType: error.Code) with
        {
            Errors = [new ApiErrorItem(error.Pointer, error.Code, string.Create(CultureInfo.InvariantCulture, $"Line {error.Line}: {error.Message}"))],
        };

    /// <summary>For the metrics: nobody is there to be told.</summary>
    public static readonly ApiError Gone = ApiError.BadRequest("The caller left before the stream's end.");

    public static ApiError UnknownMedia(string given) => ApiError.UnsupportedMediaType(
        $"predict-multi does not take '{given}'.", $"predict-multi does not take '{given}'. It takes application/json, text/csv, application/x-ndjson and application/jsonl.");

    public static ApiError NotAcceptable() => ApiError.Of(
        406, "NotAcceptable", "A JSON body is answered as JSON.", "A JSON body is answered as JSON. For results as CSV or JSON lines send the records as text/csv or application/x-ndjson.");

    public static ApiError BadOption(string name, string given, string wanted) =>
        ApiError.BadRequest($"The parameter '{name}' is {wanted}, not '{given}'.", errorType: "BadParameter") with
        {
            Errors = [new ApiErrorItem($"/{name}", "BadParameter", $"'{name}' is {wanted}.")],
        };

    public static string TooManyRows(long limit) => string.Create(
        CultureInfo.InvariantCulture, $"A stream holds at most {limit:N0} records. Send the rest in another call, or raise the node's Serving:Bulk:MaxRows.");

    public static string TooManyBytes(long limit) => string.Create(
        CultureInfo.InvariantCulture, $"A stream holds at most {limit:N0} bytes. Send the rest in another call, or raise the node's Serving:Bulk:MaxBodyBytes.");

    public static string RecordTooLong(int limit) => string.Create(
        CultureInfo.InvariantCulture, $"The record is longer than {limit:N0} bytes. Mend an open quote, or raise the node's Serving:Bulk:MaxRecordBytes.");

    public static string WrongType(Field field, ReadOnlySpan<byte> cell)
    {
        var text = Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, LongestExcerpt)]) + (cell.Length > LongestExcerpt ? "…" : "");
        var wanted = field.Kind switch
        {
            FieldKind.Number or FieldKind.Integer => "a number",
            FieldKind.Boolean => "true or false",
            FieldKind.DateTime => "a date and time such as 2026-01-31T12:00:00Z",
            _ => "a date such as 2026-01-31",
        };
        return $"Feature '{field.Name}' must be {wanted}; the cell is '{text}'.";
    }

    private static ApiError Item(string name, string code, string message) =>
        ApiError.BadRequest(message, errorType: code) with { Errors = [new ApiErrorItem(PredictionFaults.Pointer(name), code, message)] };
}
