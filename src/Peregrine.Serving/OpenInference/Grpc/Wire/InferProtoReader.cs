using System.Text.Unicode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>Reads a <c>ModelInferRequest</c> into an <see cref="InferRequest"/>: where everything is, no element yet.</summary>
internal ref struct InferProtoReader(ReadOnlySpan<byte> message, InferRequest request)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _raw;
    private bool _hasContents;

    /// <summary>The model's name; empty when the message has none.</summary>
    public Piece Model { get; private set; }

    /// <summary>The generation that the caller names; empty: none.</summary>
    public Piece Version { get; private set; }

    /// <summary>Null when all could be read.</summary>
    public ApiError? Read()
    {
        // Raw data may stand before the inputs that they belong to, so they are placed in a second look.
        if (ReadFields() is { } fault) return fault;
        if (request.InputCount == 0) return InferFaults.NoInputs();
        if (_raw > 0 && PlaceRaw() is { } unplaced) return unplaced;
        foreach (var input in request.Inputs)
        {
            if (!Utf8.IsValid(input.Name.Of(_message))) return InferFaults.Item("/inputs", "WrongType", "The name of an input is not UTF-8 text.");
        }

        return Utf8.IsValid(request.Id.Of(_message)) ? null : InferFaults.Item("/id", "WrongType", "The id is not UTF-8 text.");
    }

    private ApiError? ReadFields()
    {
        var proto = new ProtoReader(_message, 0, _message.Length);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (wire != ProtoReader.Delimited || field is < 1 or > 7)
            {
                if (!proto.TrySkip(wire)) return Malformed(proto.Position);
                continue;
            }

            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            if (Take(field, new Piece(from, to)) is { } fault) return fault;
        }

        return null;
    }

    private ApiError? Take(int field, Piece value)
    {
        switch (field)
        {
            case 1:
                Model = value;
                return null;
            case 2:
                Version = value;
                return null;
            case 3:
                request.Id = value;
                return null;
            case 4:
                return ReadParameter(value);
            case 5:
                return request.InputCount == InferRequest.MostTensors ? InferFaults.TooManyTensors("/inputs") : ReadInput(value);
            case 6:
                return request.OutputCount == InferRequest.MostTensors ? InferFaults.TooManyTensors("/outputs") : ReadOutput(value);
            default:
                _raw++;
                return null;
        }
    }

    private readonly ApiError? ReadParameter(Piece entry)
    {
        if (ReadEntry(entry, out var key, out var value) is { } malformed) return malformed;
        if (key.Of(_message).SequenceEqual(ExplainParameter.Name)) return ReadExplain(value);
        if (!key.Of(_message).SequenceEqual("dispatchKey"u8)) return null;
        var proto = new ProtoReader(_message, value.Start, value.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (field != 3 || wire != ProtoReader.Delimited) return InferFaults.Item("/parameters/dispatchKey", "WrongType", "'/parameters/dispatchKey' must be a string.");
            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            request.DispatchKey = new Piece(from, to);
        }

        return null;
    }

    /// <summary>An InferParameter: truth value 1, text 3.</summary>
    private readonly ApiError? ReadExplain(Piece value)
    {
        AskedExplanations? asked = null;
        var proto = new ProtoReader(_message, value.Start, value.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (field == 1 && wire == ProtoReader.Varint && proto.TryVarint(out var flag)) asked = ExplainParameter.Of(flag != 0);
            else if (field == 3 && wire == ProtoReader.Delimited && proto.TryDelimited(out var from, out var to)) asked = ExplainParameter.Of(_message[from..to]);
            else asked = null;
            if (asked is null) break;
        }

        if (asked is null) return InferFaults.Item(ExplainParameter.Pointer, "WrongType", $"'{ExplainParameter.Pointer}' must be {ExplainParameter.Wanted}.");
        request.Explanations = asked.Value;
        return null;
    }

    private ApiError? ReadInput(Piece message)
    {
        var place = request.InputCount;
        ref var tensor = ref request.AddInput();
        var shape = default(TensorShape);
        var proto = new ProtoReader(_message, message.Start, message.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (field == 3 && wire == ProtoReader.Varint)
            {
                if (!proto.TryVarint(out var dimension)) return Malformed(proto.Position);
                AddDimension(ref shape, dimension);
                continue;
            }

            if (wire != ProtoReader.Delimited)
            {
                if (!proto.TrySkip(wire)) return Malformed(proto.Position);
                continue;
            }

            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            if (TakeOfInput(field, new Piece(from, to), ref tensor, ref shape, place) is { } fault) return fault;
        }

        if (tensor.Name.IsEmpty) return InferFaults.Missing("/inputs", place, "name");
        if (tensor.Type == TensorType.None) return InferFaults.Missing("/inputs", place, "datatype");
        tensor.Rows = shape.Rows;
        if (shape.Fault is { } wrong) return InferFaults.Shape(place, wrong);
        return tensor.Source == TensorSource.Contents && tensor.Type is TensorType.Fp16 or TensorType.Bf16 && !tensor.Data.IsEmpty ? InferFaults.NoContentsOf(place, tensor.Type) : null;
    }

    private ApiError? TakeOfInput(int field, Piece value, ref TensorInput tensor, ref TensorShape shape, int place)
    {
        switch (field)
        {
            case 1:
                tensor.Name = value;
                return null;
            case 2:
                tensor.Type = TensorTypes.Parse(value.Of(_message));
                return tensor.Type == TensorType.None ? InferFaults.UnknownType(place, value.Of(_message)) : null;
            case 3:
                var dimensions = new ProtoReader(_message, value.Start, value.End);
                while (!dimensions.IsAtEnd)
                {
                    if (!dimensions.TryVarint(out var dimension)) return Malformed(dimensions.Position);
                    AddDimension(ref shape, dimension);
                }

                return null;
            case 4:
                if (ReadEntry(value, out var key, out _) is { } malformed) return malformed;
                return key.Of(_message).StartsWith("shared_memory_"u8) ? InferFaults.NoSharedMemory(InferFaults.Pointer("/inputs", place, "parameters")) : null;
            case 5:
                // Two parts would be one tensor; no writer parts them, and they may lie apart.
                if (!tensor.Data.IsEmpty && !value.IsEmpty) return InferFaults.Twice(InferFaults.Pointer("/inputs", place, "contents"));
                tensor.Source = TensorSource.Contents;
                if (value.IsEmpty && !tensor.Data.IsEmpty) return null;
                tensor.Data = value;
                tensor.At = tensor.RunEnd = value.Start;
                _hasContents |= !value.IsEmpty;
                return null;
            default:
                return null;
        }
    }

    private readonly ApiError? ReadOutput(Piece message)
    {
        var place = request.OutputCount;
        ref var output = ref request.AddOutput();
        var proto = new ProtoReader(_message, message.Start, message.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (wire != ProtoReader.Delimited)
            {
                if (!proto.TrySkip(wire)) return Malformed(proto.Position);
                continue;
            }

            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            if (field == 1) output.Name = new Piece(from, to);
            if (field != 2) continue;
            if (ReadEntry(new Piece(from, to), out var key, out _) is { } malformed) return malformed;
            if (key.Of(_message).StartsWith("shared_memory_"u8)) return InferFaults.NoSharedMemory(InferFaults.Pointer("/outputs", place, "parameters"));
            if (key.Of(_message).SequenceEqual("classification"u8)) return InferFaults.NoClassification(place);
        }

        return output.Name.IsEmpty ? InferFaults.Missing("/outputs", place, "name") : null;
    }

    /// <summary>Gives each input its raw data, in order.</summary>
    private readonly ApiError? PlaceRaw()
    {
        if (_hasContents) return InferFaults.Item("/raw_input_contents", "WrongMember", "The request has raw and typed contents. Send one kind for all inputs.");
        if (_raw != request.InputCount)
            return InferFaults.Item("/raw_input_contents", "WrongMember", $"The request has {_raw} raw contents for {request.InputCount} inputs. Send one for each, in their order.");
        var proto = new ProtoReader(_message, 0, _message.Length);
        var place = 0;
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (field != 7 || wire != ProtoReader.Delimited)
            {
                if (!proto.TrySkip(wire)) return Malformed(proto.Position);
                continue;
            }

            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            ref var tensor = ref request.Inputs[place++];
            tensor.Source = TensorSource.Raw;
            tensor.Data = new Piece(from, to);
            tensor.At = from;
        }

        return null;
    }

    /// <summary>An entry of a map: key 1, value 2.</summary>
    private readonly ApiError? ReadEntry(Piece entry, out Piece key, out Piece value)
    {
        key = value = default;
        var proto = new ProtoReader(_message, entry.Start, entry.End);
        while (!proto.IsAtEnd)
        {
            if (!proto.TryTag(out var field, out var wire)) return Malformed(proto.Position);
            if (wire != ProtoReader.Delimited)
            {
                if (!proto.TrySkip(wire)) return Malformed(proto.Position);
                continue;
            }

            if (!proto.TryDelimited(out var from, out var to)) return Malformed(proto.Position);
            if (field == 1) key = new Piece(from, to);
            if (field == 2) value = new Piece(from, to);
        }

        return null;
    }

    private static void AddDimension(ref TensorShape shape, ulong dimension)
    {
        if ((long)dimension < 0) shape.AddNegative();
        else shape.Add(dimension);
    }

    private static ApiError Malformed(int position) =>
        ApiError.BadRequest($"The message is not a ModelInferRequest: it is malformed at byte {position}.", errorType: "MalformedMessage");
}
