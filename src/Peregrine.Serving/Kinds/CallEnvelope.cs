using Peregrine.Hosting.Errors;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>What stands around the records of a call: which generation is asked for, and what is only logged. The records themselves are passed over.</summary>
internal ref struct CallEnvelope
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly KindCall _call;
    private JsonScanner _json;

    private CallEnvelope(ReadOnlySpan<byte> body, KindCall call, int maxDepth)
    {
        _body = body;
        _call = call;
        _json = new JsonScanner(body, maxDepth);
    }

    /// <summary>Where the record, or the list of them, stands.</summary>
    public Piece Payload { get; private set; }

    /// <summary>The caller's <c>context</c>; empty: none.</summary>
    public Piece Context { get; private set; }

    /// <summary>The generation that the caller forces; empty: none.</summary>
    public ReadOnlySpan<byte> ForcedGeneration { get; private set; }

    /// <summary>The key that the caller sticks to; empty: none.</summary>
    public ReadOnlySpan<byte> DispatchKey { get; private set; }

    /// <returns>What is wrong, or null; then all of the body is well-formed.</returns>
    public static ApiError? Read(ReadOnlySpan<byte> body, KindCall call, int maxDepth, out CallEnvelope envelope)
    {
        envelope = new CallEnvelope(body, call, maxDepth);
        return envelope.Read();
    }

    private ApiError? Read()
    {
        switch (_json.Peek())
        {
            case JsonKind.Object:
                if (!_json.TryBeginObject()) return Malformed();
                break;
            case JsonKind.End:
                return KindFaults.NoBody(_call);
            case JsonKind.Invalid:
                return PredictionFaults.Malformed(JsonFault.UnexpectedByte, _json.Position, _body);
            default:
                return KindFaults.NotAnObject(_call, _json.Position);
        }

        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
            if (ReadMember(name) is { } error) return error;
        if (_json.Fault != JsonFault.None || !_json.TryEnd()) return Malformed();
        return Payload.IsEmpty ? KindFaults.NoPayload(_call) : null;
    }

    private ApiError? ReadMember(scoped ReadOnlySpan<byte> name)
    {
        var kind = _json.Peek();
        var start = _json.Position;
        if (name.SequenceEqual("dispatch"u8)) return ReadDispatch(kind);
        var isPayload = Is(name, _call.Payload);
        if (isPayload && !Payload.IsEmpty) return KindFaults.Twice($"/{_call.Payload}", start);
        if (!_json.TrySkipValue()) return Malformed();
        if (isPayload) Payload = new Piece(start, _json.Position);
        else if (!name.SequenceEqual("context"u8)) return KindFaults.UnknownMember("", name, _json.OffsetOf(name), _call.Payload, "dispatch", "context");
        else Context = kind == JsonKind.Null ? default : new Piece(start, _json.Position);
        return null;
    }

    private ApiError? ReadDispatch(JsonKind kind)
    {
        if (kind == JsonKind.Null) return _json.TryReadWord(kind) ? null : Malformed();
        if (kind != JsonKind.Object) return PredictionFaults.WrongMember("dispatch", "an object or null", _json.Position);
        if (!_json.TryBeginObject()) return Malformed();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            var isForced = name.SequenceEqual("forcedGeneration"u8);
            if (isForced || name.SequenceEqual("dispatchKey"u8))
            {
                if (ReadKey(isForced) is { } error) return error;
            }
            else if (!_json.TrySkipValue()) return Malformed();
        }

        return _json.Fault == JsonFault.None ? null : Malformed();
    }

    /// <summary>A string or a number, as it stands in the text; empty for null.</summary>
    private ApiError? ReadKey(bool isForced)
    {
        var kind = _json.Peek();
        ReadOnlySpan<byte> value = default;
        var isRead = kind switch
        {
            JsonKind.String => _json.TryReadString(out value, out _),
            JsonKind.Number => _json.TryReadNumber(out value),
            JsonKind.Null => _json.TryReadWord(kind),
            _ => false,
        };
        if (!isRead)
            return kind is JsonKind.String or JsonKind.Number or JsonKind.Null
                ? Malformed() : PredictionFaults.WrongMember(isForced ? "dispatch/forcedGeneration" : "dispatch/dispatchKey", "a string or null", _json.Position);
        if (isForced) ForcedGeneration = value;
        else DispatchKey = value;
        return null;
    }

    private readonly ApiError Malformed() => PredictionFaults.Malformed(_json.Fault, _json.Position, _body);

    /// <summary>Names of members are ASCII.</summary>
    private static bool Is(scoped ReadOnlySpan<byte> name, string member) => System.Text.Ascii.Equals(name, member);
}
