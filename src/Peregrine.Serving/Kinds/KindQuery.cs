using Peregrine.Hosting.Errors;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>What one request asks of an endpoint, read and checked. Keeps nothing of the body, so that it can outlive the request that brought it.</summary>
internal abstract class KindQuery
{
    /// <summary>Reads and checks one record.</summary>
    /// <param name="record">A scanner of the body that stands before the record, and behind it on return.</param>
    /// <param name="body">For the words of an error.</param>
    /// <param name="item">The record's place in a call with many; -1 in a call with one.</param>
    /// <returns>Why the request is refused, or null.</returns>
    public abstract ApiError? Add(ref JsonScanner record, ReadOnlySpan<byte> body, int item);

    /// <summary>Writes what makes this query the same as another one of the same call: equal bytes, equal answers.</summary>
    public abstract void WriteKey(Utf8Output key);

    /// <summary>Writes the answer, a JSON object without its closing brace; nothing else has been written.</summary>
    /// <param name="cancellationToken">Ends when nobody waits for the answer any more.</param>
    /// <returns>Why there is none, or null.</returns>
    public abstract ValueTask<ApiError?> AnswerAsync(KindResults results, CancellationToken cancellationToken);

    /// <summary>Nobody uses the query any more.</summary>
    public abstract void Return();
}
