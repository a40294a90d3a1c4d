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
    private JsonScanner _items;
    private JsonScanner _results;
    private bool _firstItem = true;
    private bool _firstResult = true;
    private bool _done;

    /// <param name="payload">Where <c>features</c> or <c>items</c> lie in the body.</param>
    /// <param name="answer">The whole answer.</param>
    public ShadowRecords(ReadOnlySpan<byte> body, Piece payload, Piece context, ReadOnlySpan<byte> answer, bool many, int maxDepth)
    {
        _body = body;
        _payload = payload;
        _context = context;
        _many = many;
        _items = new JsonScanner(payload.Of(body), maxDepth);
        var result = MemberOf(answer, many ? "results"u8 : "result"u8, maxDepth);
        _results = new JsonScanner(result, maxDepth);
        Result = result;
        _done = result.IsEmpty || (many && (!_items.TryBeginArray() || !_results.TryBeginArray()));
        Number = -1;
    }

    /// <summary>The object of features.</summary>
    public ReadOnlySpan<byte> Features { get; private set; }

    /// <summary>The caller's context; empty: none.</summary>
    public ReadOnlySpan<byte> Context { get; private set; }

    /// <summary>The result object that the caller got.</summary>
    public ReadOnlySpan<byte> Result { get; private set; }

    /// <summary>Place in a call with many; -1 in a call with one.</summary>
    public int Number { get; private set; }

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
        if (!_items.TryNextElement(ref _firstItem) || !_results.TryNextElement(ref _firstResult)) return false;
        Number++;
        _items.Peek();
        _results.Peek();
        var from = _results.Position;
        if (!_results.TrySkipValue()) return false;
        Result = _results.Since(from);
        return TryReadItem();
    }

    private bool TryReadItem()
    {
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
