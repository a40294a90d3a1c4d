using System.Globalization;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>What can be wrong with a body of columns.</summary>
internal static class ColumnFaults
{
    /// <param name="row">The row, from 0; -1 where the columns as such are wrong.</param>
    public static ApiError Of(RecordFault fault, JsonFault json, PredictionEndpoint endpoint, ReadOnlySpan<byte> body, TypedRecord given, int row)
    {
        var error = PredictionFaults.Record(fault, json, endpoint, body, "/columns", given);
        return row < 0 ? error : error with { Errors = [.. error.Errors.Select(item => item with { Pointer = string.Create(CultureInfo.InvariantCulture, $"{item.Pointer}/{row}") })] };
    }

    public static ApiError Uneven(Field field, int rows)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Column '{field.Name}' ends after {rows} values; others go on. All columns hold one value a record, null where it is missing.");
        return ApiError.BadRequest(message, errorType: "UnevenColumns") with
        {
            Errors = [new ApiErrorItem($"/columns{PredictionFaults.Pointer(field.Name)}", "UnevenColumns", message)],
        };
    }
}
