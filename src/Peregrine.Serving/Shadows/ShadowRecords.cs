using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Shadows;

/// <summary>Walks through the records of a copied request beside the results of its answer.</summary>
internal ref struct ShadowRecords
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly Piece _payload;
    private readonly Piece _context;
    private readonly bool _many;
    private readonly ColumnReader? _columns;
    private readonly Utf8Output? _row;
    private JsonScanner _items;
    private JsonScanner _results;
    private bool _firstItem = true;
    private bool _firstResult = true;
    private bool _done;

    /// <param name="payload">Where <c>features</c>, <c>items</c> or <c>columns</c> lie in the body.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="columns">Reads a payload of columns, whose begin it has read; null: it has none.</param>
    /// <param name="row">Room for a record of columns.</param>
    public ShadowRecords(
        ReadOnlySpan<byte> body, Piece payload, Piece context, ReadOnlySpan<byte> answer, bool many, int maxDepth, ColumnReader? columns = null, Utf8Output? row = null)
    {
        _columns = columns;
        _row = row;
        _body = body;
        _payload = payload;
        _context = context;
        _many = many;
        _items = new JsonScanner(payload.Of(body), maxDepth);
        var result = MemberOf(answer, many ? "results"u8 : "result"u8, maxDepth);
        _results = new JsonScanner(result, maxDepth);
        Result = result;
        _done = result.IsEmpty || (many && ((columns is null && !_items.TryBeginArray()) || !_results.TryBeginArray()));
        Number = -1;
    }

    public readonly ShadowRecord Current => new(Number, Features, Context, Result);

    private ReadOnlySpan<byte> Features { readonly get; set; }

    private ReadOnlySpan<byte> Context { readonly get; set; }

    private ReadOnlySpan<byte> Result { readonly get; set; }

    private int Number { readonly get; set; }

    public bool TryNext()
    {
        if (_done) return false;
        if (_many) return TryNextItem();
        _done = true;
        Features = _payload.Of(_body);
        Context = _context.Of(_body);
        return true;
    }

    private bool TryNextItem()
    {
        if (!_results.TryNextElement(ref _firstResult)) return false;
        Number++;
        _results.Peek();
        var from = _results.Position;
        if (!_results.TrySkipValue()) return false;
        Result = _results.Since(from);
        return _columns is null ? TryReadItem() : TryReadRow(_columns, _row!);
    }

    private bool TryReadRow(ColumnReader columns, Utf8Output row)
    {
        row.CutTo(0);
        if (!columns.TryWrite(_payload.Of(_body), row)) return false;
        Context = _context.Of(_body);
        Features = row.Written;
        return true;
    }

    private bool TryReadItem()
    {
        if (!_items.TryNextElement(ref _firstItem)) return false;
        _items.Peek();
        Features = default;
        Context = _context.Of(_body);
        if (!_items.TryBeginObject()) return false;
        for (var first = true; _items.TryNextMember(ref first, out var name, out _);)
        {
            var kind = _items.Peek();
            var from = _items.Position;
            var isFeatures = name.SequenceEqual("features"u8);
            var isContext = name.SequenceEqual("context"u8);
            if (!_items.TrySkipValue()) return false;
            if (isFeatures) Features = _items.Since(from);
            else if (isContext && kind != JsonKind.Null) Context = _items.Since(from);
        }

        return !Features.IsEmpty;
    }

    private static ReadOnlySpan<byte> MemberOf(ReadOnlySpan<byte> json, ReadOnlySpan<byte> wanted, int maxDepth)
    {
        var scanner = new JsonScanner(json, maxDepth);
        if (!scanner.TryBeginObject()) return default;
        for (var first = true; scanner.TryNextMember(ref first, out var name, out _);)
        {
            scanner.Peek();
            var from = scanner.Position;
            var found = name.SequenceEqual(wanted);
            if (!scanner.TrySkipValue()) return default;
            if (found) return json[from..scanner.Position];
        }

        return default;
    }
}
