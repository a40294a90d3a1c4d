using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>What <see cref="RowSource.Next"/> found.</summary>
internal enum RowKind
{
    /// <summary>The record is bound.</summary>
    Record,

    /// <summary>No whole record is left in the piece.</summary>
    End,

    /// <summary>The record cannot be bound; the next one can be read.</summary>
    Faulty,

    /// <summary>The record cannot be bound, and where the next one begins is unknown.</summary>
    Broken,
}

/// <summary>The records of one stream, in one form. Belongs to one request.</summary>
internal abstract class RowSource
{
    /// <summary>Takes what stands before the records, such as a header. False: it is not all there yet.</summary>
    /// <param name="at">Moves behind it.</param>
    public abstract bool TryBegin(ReadOnlySpan<byte> piece, ref int at, bool isLast, out ApiError? fault);

    /// <summary>Binds the next record.</summary>
    /// <param name="at">Moves behind it, and stays at its beginning when it is not all there.</param>
    /// <param name="row">Place in the block, under which its features are asked for later.</param>
    public abstract RowKind Next(ReadOnlySpan<byte> piece, ref int at, bool isLast, ScoringContext context, int row, out RowError? error);

    /// <summary>The features of a record as JSON, for the log.</summary>
    /// <param name="piece">The piece that the record was read from.</param>
    /// <param name="room">Free to use for text that must be made.</param>
    public abstract ReadOnlySpan<byte> FeaturesOf(int row, ReadOnlySpan<byte> piece, Utf8Output room);

    /// <summary>The text in which the notes of a record have their places.</summary>
    /// <param name="piece">The piece that the record was read from.</param>
    public abstract ReadOnlySpan<byte> TextOf(int row, ReadOnlySpan<byte> piece);

    /// <summary>The record's own context, for the log; empty: none.</summary>
    public virtual ReadOnlySpan<byte> ContextOf(int row, ReadOnlySpan<byte> piece) => default;

    /// <summary>What is wrong with the names in a header.</summary>
    public RecordFaultCode HeaderFault { get; protected set; }

    /// <summary>The number of the line that is read next.</summary>
    public long Line { get; set; } = 1;
}
