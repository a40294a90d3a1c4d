using System.Text.Unicode;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>One record a line as JSON: an object of features, or <c>{"features":{…},"context":…}</c>. Blank lines are passed over.</summary>
internal sealed class JsonLineRows(PredictionEndpoint endpoint, int maxDepth) : RowSource
{
    private readonly Piece[] _lines = new Piece[ScoringBlock.Rows];
    private readonly Piece[] _features = new Piece[ScoringBlock.Rows];
    private readonly Piece[] _contexts = new Piece[ScoringBlock.Rows];

    public override bool TryBegin(ReadOnlySpan<byte> piece, ref int at, bool isLast, out ApiError? fault)
    {
        fault = null;
        if (!isLast && piece.Length < 3) return false;
        if (piece.StartsWith("\uFEFF"u8)) at = 3;
        return true;
    }

    public override RowKind Next(ReadOnlySpan<byte> piece, ref int at, bool isLast, ScoringContext context, int row, out RowError? error)
    {
        error = null;
        while (at < piece.Length)
        {
            var end = piece[at..].IndexOf((byte)'\n');
            if (end < 0 && !isLast) return RowKind.End;
            var start = at;
            var line = end < 0 ? piece[at..] : piece.Slice(at, end);
            var number = Line;
            at += end < 0 ? line.Length : end + 1;
            if (end >= 0) Line++;
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            error = Bind(line, start, context.Record, row, number);
            return error is null ? RowKind.Record : RowKind.Faulty;
        }

        return RowKind.End;
    }

    public override ReadOnlySpan<byte> FeaturesOf(int row, ReadOnlySpan<byte> piece, Utf8Output room) => _features[row].Of(piece);

    public override ReadOnlySpan<byte> TextOf(int row, ReadOnlySpan<byte> piece) => _lines[row].Of(piece);

    public override ReadOnlySpan<byte> ContextOf(int row, ReadOnlySpan<byte> piece) => _contexts[row].Of(piece);

    private RowError? Bind(ReadOnlySpan<byte> line, int start, TypedRecord record, int row, long number)
    {
        _contexts[row] = default;
        if (!Utf8.IsValid(line)) return new RowError(number, "NotUtf8", "The line is not UTF-8.", "");
        var json = new JsonScanner(line, maxDepth);
        // The name somewhere in the line is only a hint; an object behind it settles it, since a feature is never one.
        if (line.IndexOf("\"features\""u8) >= 0 && !MoveToFeatures(ref json, line, start, row)) json = new JsonScanner(line, maxDepth);
        json.Peek();
        var from = json.Position;
        var isWrapped = from > 0 && !line[..from].Trim(" \t"u8).IsEmpty;
        var fault = endpoint.Bind(ref json, record);
        if (!fault.IsNone) return ErrorOf(PredictionFaults.Record(fault, json.Fault, endpoint, line, "", record), number) with { Fault = fault.Code };
        _lines[row] = new Piece(start, start + line.Length);
        _features[row] = new Piece(start + from, start + json.Position);
        if (isWrapped || json.TryEnd()) return null;
        return ErrorOf(PredictionFaults.Malformed(json.Fault, json.Position, line), number);
    }

    /// <summary>Stands before the object of features when true; the whole line is well-formed then.</summary>
    private bool MoveToFeatures(ref JsonScanner json, ReadOnlySpan<byte> line, int start, int row)
    {
        if (json.Peek() != JsonKind.Object || !json.TryBeginObject()) return false;
        var features = -1;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            var kind = json.Peek();
            var from = json.Position;
            if (!json.TrySkipValue()) return false;
            if (name.SequenceEqual("features"u8) && kind == JsonKind.Object && features < 0) features = from;
            else if (name.SequenceEqual("context"u8)) _contexts[row] = kind == JsonKind.Null ? default : new Piece(start + from, start + json.Position);
            else if (features >= 0 || kind is not (JsonKind.Object or JsonKind.Null)) return false;
        }

        if (features < 0 || json.Fault != JsonFault.None || !json.TryEnd()) return false;
        json = new JsonScanner(line, maxDepth);
        json.TryBeginObject();
        for (var first = true; json.TryNextMember(ref first, out _, out _) && json.Peek() is var kind && json.Position < features;) json.TrySkipValue();
        return true;
    }

    private static RowError ErrorOf(ApiError fault, long line) => new(line, fault.ErrorType, fault.Message, fault.Errors is [var first, ..] ? first.Pointer ?? "" : "");
}
