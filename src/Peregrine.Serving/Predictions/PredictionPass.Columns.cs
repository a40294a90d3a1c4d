using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Records;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Limits;

namespace Peregrine.Serving.Predictions;

/// <content>Records that stand in <c>columns</c>.</content>
internal ref partial struct PredictionPass
{
    private ApiError? ScoreColumns(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Object) return PredictionFaults.WrongMember("columns", "an object of arrays", json.Position);
        var endpoint = _endpoint.Prediction;
        _block = endpoint.Model.RentBlock();
        var columns = new ColumnReader(endpoint.Reader);
        _block[0].Record.Clear();
        var fault = columns.Begin(ref json, _body, _block[0].Record);
        if (!fault.IsNone) return RefuseColumns(fault, json.Fault, _block[0].Record, row: -1);
        _output.Write("{\"results\":["u8);
        while (true)
        {
            var record = _block[_bound].Record;
            record.Clear();
            if (!columns.TryRead(_body, record, out fault)) break;
            fault = endpoint.Check?.Check(record) ?? RecordFault.None;
            if (!fault.IsNone) break;
            if (Rows == _limits.MaxRecords) return PredictionFaults.TooManyRecords(_limits.MaxRecords);
            Keep(default);
            if (_bound < ScoringBlock.Rows) continue;
            ScoreBound();
            if (_phases.IsPast(_caller.Deadline)) return LimitFaults.DeadlineExceeded;
        }

        if (!fault.IsNone) return RefuseColumns(fault, JsonFault.None, _block[_bound].Record, Rows);
        if (columns.ShortSlot >= 0) return ColumnFaults.Uneven(endpoint.Model.Inputs[columns.ShortSlot], Rows);
        ScoreBound();
        return null;
    }

    private ApiError RefuseColumns(RecordFault fault, JsonFault json, TypedRecord record, int row)
    {
        Refused = fault.Code;
        return ColumnFaults.Of(fault, json, _endpoint.Prediction, _body, record, row);
    }

    private readonly void LogColumns(QueryLogLine log, Piece payload, Piece context, ReadOnlySpan<byte> variant)
    {
        var columns = new ColumnReader(_endpoint.Prediction.Reader);
        var json = new JsonScanner(payload.Of(_body));
        var text = payload.Of(_body);
        columns.Begin(ref json, text, new TypedRecord(_endpoint.Prediction.Model.Inputs.Count, 0));
        var features = new Utf8Output();
        for (var i = 0; i < Rows && columns.TryWrite(text, features); i++)
        {
            log.Write(_endpoint, _caller, features.Written, context.Of(_body), _items![i].Result.Of(_output.Written), _phases, i, variant, PreparedOf(_items[i].Prepared));
            features.CutTo(0);
        }
    }
}
