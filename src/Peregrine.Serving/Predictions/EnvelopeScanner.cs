using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// Reads what stands around the features of a request. It stops before the payload (<c>features</c> or <c>items</c>) so that the caller can bind it
/// in the same pass or skip it; everything else it takes in itself.
/// </summary>
internal ref struct EnvelopeScanner
{
    /// <summary>Stands before the payload when <see cref="TryNextPayload"/> said so.</summary>
    public JsonScanner Json;

    private readonly ReadOnlySpan<byte> _body;
    private readonly ReadOnlySpan<byte> _payloadName;
    private bool _first = true;
    private bool _begun;

    public EnvelopeScanner(ReadOnlySpan<byte> body, ReadOnlySpan<byte> payloadName, int maxDepth)
    {
        _body = body;
        _payloadName = payloadName;
        Json = new JsonScanner(body, maxDepth);
    }

    /// <summary>Where the payload is; empty until it was passed.</summary>
    public Piece Payload { get; private set; }

    /// <summary>Whether the payload is <c>columns</c>, which may stand instead of <c>items</c>.</summary>
    public bool IsColumns { get; private set; }

    /// <summary>Bytes of the caller's <c>context</c>, which goes to the log.</summary>
    public Piece Context { get; private set; }

    /// <summary>The name of the first member that nobody knows.</summary>
    public Piece UnknownMember { get; private set; }

    /// <summary>The generation that the caller forces; empty: none.</summary>
    public ReadOnlySpan<byte> ForcedGeneration { get; private set; }

    /// <summary>The key that the caller sticks to; empty: none.</summary>
    public ReadOnlySpan<byte> DispatchKey { get; private set; }

    /// <summary>What the caller asked to explain, as far as it was read.</summary>
    public AskedExplanations Explanations { get; private set; }

    /// <summary>What is wrong, once <see cref="TryNextPayload"/> is false.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>True: the payload stands next; read or skip it, then call <see cref="EndPayload"/>. False: all is read, or there is an error.</summary>
    public bool TryNextPayload()
    {
        if (!_begun && !TryBegin()) return false;
        while (Json.TryNextMember(ref _first, out var name, out _))
        {
            var kind = Json.Peek();
            var start = Json.Position;
            var isColumns = name.SequenceEqual("columns"u8) && _payloadName.SequenceEqual("items"u8);
            if (isColumns || name.SequenceEqual(_payloadName))
            {
                IsColumns = isColumns;
                if (!Payload.IsEmpty) return Fail(PredictionFaults.Twice(_payloadName, start));
                Payload = new Piece(start, start);
                return true;
            }

            if (!TryReadMember(name, kind, start)) return false;
        }

        if (Json.Fault != JsonFault.None || !Json.TryEnd()) return Malformed();
        return !Payload.IsEmpty ? false : Fail(PredictionFaults.NoPayload(_payloadName));
    }

    /// <summary>Notes where the payload ended.</summary>
    public void EndPayload() => Payload = new Piece(Payload.Start, Json.Position);

    private bool TryBegin()
    {
        _begun = true;
        switch (Json.Peek())
        {
            case JsonKind.Object:
                return Json.TryBeginObject() || Malformed();
            case JsonKind.End:
                return Fail(PredictionFaults.NoBody(_payloadName));
            case JsonKind.Invalid:
                return Fail(PredictionFaults.Malformed(JsonFault.UnexpectedByte, Json.Position, _body));
            default:
                return Fail(PredictionFaults.NotAnObject(Json.Position, _payloadName));
        }
    }

    private bool TryReadMember(scoped ReadOnlySpan<byte> name, JsonKind kind, int start)
    {
        if (name.SequenceEqual("explanations"u8)) return TryReadExplanations();
        if (name.SequenceEqual("dispatch"u8)) return TryReadDispatch(kind);
        if (!Json.TrySkipValue()) return Malformed();
        if (name.SequenceEqual("context"u8)) Context = kind == JsonKind.Null ? default : new Piece(start, Json.Position);
        else if (UnknownMember.IsEmpty) UnknownMember = PlaceOf(name);
        return true;
    }

    private bool TryReadExplanations()
    {
        if (ExplanationsReader.TryRead(ref Json, out var asked, out var fault))
        {
            Explanations = asked;
            return true;
        }

        return fault is null ? Malformed() : Fail(PredictionFaults.BadExplanations(fault));
    }

    private bool TryReadDispatch(JsonKind kind)
    {
        if (kind == JsonKind.Null) return Json.TryReadWord(kind) || Malformed();
        if (kind != JsonKind.Object) return Fail(PredictionFaults.WrongMember("dispatch", "an object or null", Json.Position));
        if (!Json.TryBeginObject()) return Malformed();
        for (var first = true; Json.TryNextMember(ref first, out var name, out _);)
        {
            var isForced = name.SequenceEqual("forcedGeneration"u8);
            if (!isForced && !name.SequenceEqual("dispatchKey"u8))
            {
                if (!Json.TrySkipValue()) return Malformed();
                continue;
            }

            if (!TryReadKey(isForced ? "dispatch/forcedGeneration" : "dispatch/dispatchKey", out var value)) return false;
            if (isForced) ForcedGeneration = value;
            else DispatchKey = value;
        }

        return Json.Fault == JsonFault.None || Malformed();
    }

    /// <summary>A string or a number, as it stands in the text; empty for null.</summary>
    private bool TryReadKey(string member, out ReadOnlySpan<byte> value)
    {
        value = default;
        var kind = Json.Peek();
        return kind switch
        {
            JsonKind.String => Json.TryReadString(out value, out _) || Malformed(),
            JsonKind.Number => Json.TryReadNumber(out value) || Malformed(),
            JsonKind.Null => Json.TryReadWord(kind) || Malformed(),
            _ => Fail(PredictionFaults.WrongMember(member, "a string or null", Json.Position)),
        };
    }

    private readonly Piece PlaceOf(scoped ReadOnlySpan<byte> name)
    {
        _body.Overlaps(name, out var start);
        return new Piece(start, start + name.Length);
    }

    private bool Malformed() => Fail(PredictionFaults.Malformed(Json.Fault, Json.Position, _body));

    private bool Fail(ApiError error)
    {
        Error ??= error;
        return false;
    }
}
