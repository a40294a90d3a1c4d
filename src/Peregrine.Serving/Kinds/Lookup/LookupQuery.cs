using System.Globalization;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds.Lookup;

/// <summary>The keys that one request looks up.</summary>
internal sealed class LookupQuery(LoadedLookup endpoint) : KindQuery
{
    private const int MostKept = 256;

    private TypedRecord[] _keys = [];
    private int _count;

    public bool Many { get; set; }

    public override ApiError? Add(ref JsonScanner record, ReadOnlySpan<byte> body, int item)
    {
        if (_count == _keys.Length) Array.Resize(ref _keys, Math.Max(1, _count * 2));
        var key = _keys[_count] ??= new TypedRecord(endpoint.Lookup.Key.Count, arenaBytes: 64);
        key.Clear();
        var fault = endpoint.Lookup.Bind(ref record, key);
        if (!fault.IsNone) return Refuse(fault, record.Fault, body, item, key);
        _count++;
        return null;
    }

    /// <summary>The values by type, so that 7 and "7" of a number are one key, in whatever order the columns stand. The two zeros are equal and yet two: where no row is found, the answer has the one that was asked for.</summary>
    public override void WriteKey(Utf8Output key)
    {
        key.Write(Many ? (byte)1 : (byte)0);
        foreach (var record in _keys.AsSpan(0, _count))
        {
            for (var slot = 0; slot < endpoint.Lookup.Key.Count; slot++)
            {
                if (endpoint.Lookup.Key[slot].Kind == FieldKind.Text) WriteText(key, record, slot);
                else WriteBits(key, BitConverter.DoubleToInt64Bits(record.Number(slot)));
            }
        }
    }

    public override ValueTask<ApiError?> AnswerAsync(KindResults results, CancellationToken cancellationToken)
    {
        var output = results.Output;
        output.Write("{\"results\":["u8);
        for (var at = 0; at < _count; at++)
        {
            if (at > 0) output.Write((byte)',');
            results.BeginResult();
            var ignored = endpoint.Lookup.Answer(_keys[at], output);
            results.EndResult(ignored);
        }

        output.Write((byte)']');
        return ValueTask.FromResult<ApiError?>(null);
    }

    public override void Return()
    {
        if (_keys.Length > MostKept) _keys = [];
        _count = 0;
        endpoint.Take(this);
    }

    private static void WriteText(Utf8Output key, TypedRecord record, int slot)
    {
        var isThere = record.TryGetText(slot, out var text);
        WriteBits(key, isThere ? text.Length : -1);
        key.Write(text);
    }

    private static void WriteBits(Utf8Output key, long bits)
    {
        BitConverter.TryWriteBytes(key.GetSpan(8), bits);
        key.Advance(8);
    }

    private ApiError Refuse(RecordFault fault, JsonFault json, ReadOnlySpan<byte> body, int item, TypedRecord given)
    {
        if (fault.Code == RecordFaultCode.Malformed) return PredictionFaults.Malformed(json, fault.Start, body);
        var pointer = item < 0 ? "/data" : string.Create(CultureInfo.InvariantCulture, $"/items/{item}/data");
        var columns = endpoint.Lookup.Key;
        var message = LookupFaults.Describe(fault, columns, body);
        if (fault.Code == RecordFaultCode.MissingField)
        {
            var missing = columns.Fields.Where((_, slot) => !given.IsGiven(slot)).Select(field => field.Name);
            return ApiError.BadRequest(message, errorType: "MissingField") with
            {
                Errors = [.. missing.Select(name => new ApiErrorItem(pointer + PredictionFaults.Pointer(name), "MissingField", $"Key column '{name}' is not given."))],
            };
        }

        if (fault.Code == RecordFaultCode.UnknownField) pointer += PredictionFaults.Pointer(System.Text.Encoding.UTF8.GetString(body.Slice(fault.Start, fault.Length)));
        else if (fault.Slot >= 0) pointer += PredictionFaults.Pointer(columns[fault.Slot].Name);
        return KindFaults.Member(pointer, fault.Code.ToString(), message);
    }
}
