using Peregrine.Records;

namespace Peregrine.Serving.Bulk;

/// <summary>Why a record of a stream has no result.</summary>
/// <param name="Line">Where the record begins, from 1; a CSV header is line 1.</param>
/// <param name="Code">For programs: <c>WrongType</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Pointer">The feature as a JSON pointer, or empty.</param>
internal sealed record RowError(long Line, string Code, string Message, string Pointer)
{
    /// <summary>What is wrong with the record, also where the caller is not told.</summary>
    public RecordFaultCode Fault { get; init; }
}
