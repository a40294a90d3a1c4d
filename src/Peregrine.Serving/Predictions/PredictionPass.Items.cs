using System.Buffers;
using System.Globalization;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Records;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Predictions;

/// <content>Records that stand in <c>items</c>.</content>
internal ref partial struct PredictionPass
{
    private ApiError? ScoreItems(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Array) return PredictionFaults.NotAnArray(json.Position);
        if (!json.TryBeginArray()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        _output.Write("{\"results\":["u8);
        for (var first = true; json.TryNextElement(ref first);)
        {
            if (Rows == _limits.MaxRecords) return PredictionFaults.TooManyRecords(_limits.MaxRecords);
            if (BindItem(ref json) is { } fault) return fault;
            if (_bound < ScoringBlock.Rows) continue;
            ScoreBound();
            if (_phases.IsPast(_caller.Deadline)) return LimitFaults.DeadlineExceeded;
        }

        if (json.Fault != JsonFault.None) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        ScoreBound();
        return null;
    }

    private ApiError? BindItem(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Object) return PredictionFaults.NotAnItem(Rows, json.Position);
        if (!json.TryBeginObject()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        _block ??= _endpoint.Prediction.Model.RentBlock();
        var record = _block[_bound].Record;
        record.Clear();
        var item = default(ScoredItem);
        var start = json.Position;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            var kind = json.Peek();
            var from = json.Position;
            if (name.SequenceEqual("features"u8))
            {
                if (!item.Features.IsEmpty) return PredictionFaults.Twice("features"u8, from);
                var fault = _endpoint.Prediction.Bind(ref json, record);
                if (!fault.IsNone) return Refuse(fault, json.Fault, Pointer(Rows), record);
                item.Features = new Piece(from, json.Position);
                continue;
            }

            if (!json.TrySkipValue()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
            if (name.SequenceEqual("context"u8)) item.Context = kind == JsonKind.Null ? default : new Piece(from, json.Position);
        }

        if (json.Fault != JsonFault.None) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        if (item.Features.IsEmpty) return PredictionFaults.NotAnItem(Rows, start);
        Keep(item);
        return null;
    }

    private void Keep(in ScoredItem item)
    {
        _items ??= ArrayPool<ScoredItem>.Shared.Rent(64);
        if (Rows == _items.Length)
        {
            var larger = ArrayPool<ScoredItem>.Shared.Rent(Rows * 2);
            _items.AsSpan().CopyTo(larger);
            ArrayPool<ScoredItem>.Shared.Return(_items);
            _items = larger;
        }

        _items[Rows++] = item;
        _bound++;
    }

    private static string Pointer(int item) => string.Create(CultureInfo.InvariantCulture, $"/items/{item}/features");
}
