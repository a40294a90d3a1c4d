using System.Buffers;
using Peregrine.Serving.Generations;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>Makes the copy of an Open Inference request: its records and results in the words of <c>predict</c>, as the query log has them.</summary>
internal static class InferCopies
{
    /// <param name="work">Holds the text of records and results.</param>
    /// <param name="chosen">See <see cref="ShadowQueue.Choose"/>.</param>
    public static ShadowCopy Make(ServiceSnapshot service, LoadedEndpoint primary, ulong chosen, in Caller caller, InferWorkspace work)
    {
        var text = work.LogText.Written;
        var rows = work.Logged;
        var size = 0;
        for (var row = 0; row < rows.Length; row++) size += CopiedRecords.SizeOf(RecordAt(work, row, text));
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var at = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            var record = RecordAt(work, row, text);
            CopiedRecords.Write(record, buffer.AsSpan(at));
            at += CopiedRecords.SizeOf(record);
        }

        return new ShadowCopy(new ShadowQuery(service, primary, chosen, ShadowForm.Records, rows.Length, caller, 0, buffer, size, AnswerLength: 0));
    }

    private static ShadowRecord RecordAt(InferWorkspace work, int row, ReadOnlySpan<byte> text) =>
        new(work.Logged.Length == 1 ? -1 : row, work.Logged[row].Features.Of(text), default, work.Logged[row].Result.Of(text));
}
