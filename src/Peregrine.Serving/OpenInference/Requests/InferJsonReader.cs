using System.Buffers.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Requests;

/// <summary>Reads the JSON of an inference request into an <see cref="InferRequest"/>: where everything is, no element yet.</summary>
/// <param name="body">JSON text, valid UTF-8, and behind it the binary tensors.</param>
/// <param name="headerLength">Bytes of the JSON text.</param>
internal ref struct InferJsonReader(ReadOnlySpan<byte> body, int headerLength, int maxDepth, InferRequest request)
{
    private readonly ReadOnlySpan<byte> _text = body[..headerLength];
    private readonly ReadOnlySpan<byte> _body = body;
    private JsonScanner _json = new(body[..headerLength], maxDepth);

    /// <summary>Null when all could be read.</summary>
    public ApiError? Read()
    {
        if (_json.Peek() == JsonKind.End) return InferFaults.NoBody();
        if (_json.Peek() != JsonKind.Object) return InferFaults.NotAnObject(_json.Position);
        _json.TryBeginObject();
        var hasInputs = false;
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            if (name.SequenceEqual("inputs"u8) && hasInputs) return InferFaults.Twice("/inputs");
            if (ReadMember(name, ref hasInputs) is { } fault) return fault;
        }

        if (_json.Fault != JsonFault.None || !_json.TryEnd()) return Malformed();
        return hasInputs && request.InputCount > 0 ? PlaceBinary() : InferFaults.NoInputs();
    }

    private ApiError? ReadMember(scoped ReadOnlySpan<byte> name, ref bool hasInputs)
    {
        if (name.SequenceEqual("inputs"u8))
        {
            hasInputs = true;
            return ReadList("/inputs", isInput: true);
        }

        if (name.SequenceEqual("outputs"u8)) return _json.Peek() == JsonKind.Null ? Skip() : ReadList("/outputs", isInput: false);
        if (name.SequenceEqual("id"u8)) return ReadId();
        return name.SequenceEqual("parameters"u8) ? ReadParameters() : Skip();
    }

    private ApiError? ReadId()
    {
        if (_json.Peek() == JsonKind.Null) return Skip();
        if (_json.Peek() != JsonKind.String) return InferFaults.Wrong("/id", "a string", _json.Position);
        if (!_json.TryReadString(out var id, out _)) return Malformed();
        request.Id = PieceOf(id);
        return null;
    }

    private ApiError? ReadParameters()
    {
        if (_json.Peek() == JsonKind.Null) return Skip();
        if (_json.Peek() != JsonKind.Object) return InferFaults.Wrong("/parameters", "an object", _json.Position);
        if (!_json.TryBeginObject()) return Malformed();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            if (name.SequenceEqual("binary_data_output"u8))
            {
                if (!TryReadFlag(out var wanted)) return InferFaults.Wrong("/parameters/binary_data_output", "true or false", _json.Position);
                request.BinaryOutputs = wanted;
            }
            else if (name.SequenceEqual("dispatchKey"u8))
            {
                if (_json.Peek() != JsonKind.String) return InferFaults.Wrong("/parameters/dispatchKey", "a string", _json.Position);
                if (!_json.TryReadString(out var key, out _)) return Malformed();
                request.DispatchKey = PieceOf(key);
            }
            else if (name.SequenceEqual(ExplainParameter.Name))
            {
                if (ReadExplain() is { } unread) return unread;
            }
            else if (Skip() is { } fault) return fault;
        }

        return _json.Fault == JsonFault.None ? null : Malformed();
    }

    private ApiError? ReadExplain()
    {
        var kind = _json.Peek();
        var start = _json.Position;
        if (kind is JsonKind.True or JsonKind.False)
        {
            request.Explanations = ExplainParameter.Of(kind == JsonKind.True);
            return _json.TryReadWord(kind) ? null : Malformed();
        }

        if (kind != JsonKind.String) return kind == JsonKind.Null ? Skip() : InferFaults.Wrong(ExplainParameter.Pointer, ExplainParameter.Wanted, start);
        if (!_json.TryReadString(out var method, out _)) return Malformed();
        if (ExplainParameter.Of(method) is not { } asked) return InferFaults.Wrong(ExplainParameter.Pointer, ExplainParameter.Wanted, start);
        request.Explanations = asked;
        return null;
    }

    private ApiError? ReadList(string pointer, bool isInput)
    {
        if (_json.Peek() != JsonKind.Array) return InferFaults.Wrong(pointer, "an array of tensors", _json.Position);
        if (!_json.TryBeginArray()) return Malformed();
        for (var first = true; _json.TryNextElement(ref first);)
        {
            var count = isInput ? request.InputCount : request.OutputCount;
            if (count == InferRequest.MostTensors) return InferFaults.TooManyTensors(pointer);
            if (_json.Peek() != JsonKind.Object) return InferFaults.Wrong(InferFaults.Pointer(pointer, count), "an object", _json.Position);
            if (!_json.TryBeginObject()) return Malformed();
            if ((isInput ? ReadInput() : ReadOutput()) is { } fault) return fault;
        }

        return _json.Fault == JsonFault.None ? null : Malformed();
    }

    private ApiError? ReadInput()
    {
        var at = request.InputCount;
        ref var tensor = ref request.AddInput();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            if (ReadInputMember(name, ref tensor, at) is { } fault) return fault;
        }

        if (_json.Fault != JsonFault.None) return Malformed();
        if (tensor.Name.IsEmpty) return InferFaults.Missing("/inputs", at, "name");
        if (tensor.Type == TensorType.None) return InferFaults.Missing("/inputs", at, "datatype");
        if (tensor.Rows < 0) return InferFaults.Missing("/inputs", at, "shape");
        if (tensor.Source == TensorSource.None == tensor.BinarySize < 0) return InferFaults.DataOnce(at, tensor.BinarySize >= 0);
        return null;
    }

    private ApiError? ReadInputMember(scoped ReadOnlySpan<byte> name, ref TensorInput tensor, int at)
    {
        if (name.SequenceEqual("data"u8)) return ReadData(ref tensor, at);
        if (name.SequenceEqual("name"u8)) return ReadName("/inputs", at, ref tensor.Name, ref tensor.NameIsEscaped);
        if (name.SequenceEqual("shape"u8)) return ReadShape(ref tensor, at);
        if (name.SequenceEqual("datatype"u8)) return ReadType(ref tensor, at);
        return name.SequenceEqual("parameters"u8) ? ReadInputParameters(ref tensor, at) : Skip();
    }

    private ApiError? ReadData(ref TensorInput tensor, int at)
    {
        if (_json.Peek() != JsonKind.Array) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "data"), "an array, flat or nested", _json.Position);
        var start = _json.Position;
        if (!_json.TrySkipValue()) return Malformed();
        tensor.Data = new Piece(start, _json.Position);
        tensor.At = start;
        tensor.Source = TensorSource.Json;
        return null;
    }

    private ApiError? ReadName(string list, int at, ref Piece name, ref bool isEscaped)
    {
        if (_json.Peek() != JsonKind.String) return InferFaults.Wrong(InferFaults.Pointer(list, at, "name"), "a string", _json.Position);
        if (!_json.TryReadString(out var raw, out isEscaped)) return Malformed();
        name = PieceOf(raw);
        return null;
    }

    private ApiError? ReadType(ref TensorInput tensor, int at)
    {
        if (_json.Peek() != JsonKind.String) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "datatype"), "a string", _json.Position);
        if (!_json.TryReadString(out var type, out _)) return Malformed();
        tensor.Type = TensorTypes.Parse(type);
        return tensor.Type == TensorType.None ? InferFaults.UnknownType(at, type) : null;
    }

    private ApiError? ReadShape(ref TensorInput tensor, int at)
    {
        if (_json.Peek() != JsonKind.Array) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "shape"), "an array of whole numbers", _json.Position);
        if (!_json.TryBeginArray()) return Malformed();
        var shape = default(TensorShape);
        for (var first = true; _json.TryNextElement(ref first);)
        {
            if (_json.Peek() != JsonKind.Number) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "shape"), "an array of whole numbers", _json.Position);
            if (!_json.TryReadNumber(out var token)) return Malformed();
            if (token[0] == '-') shape.AddNegative();
            else if (token.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "shape"), "an array of whole numbers", _json.Position);
            else if (Utf8Parser.TryParse(token, out ulong dimension, out _)) shape.Add(dimension);
            else shape.AddOverflowing();
        }

        if (_json.Fault != JsonFault.None) return Malformed();
        tensor.Rows = shape.Rows;
        return shape.Fault is { } fault ? InferFaults.Shape(at, fault) : null;
    }

    private ApiError? ReadInputParameters(ref TensorInput tensor, int at)
    {
        if (_json.Peek() == JsonKind.Null) return Skip();
        if (_json.Peek() != JsonKind.Object) return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "parameters"), "an object", _json.Position);
        if (!_json.TryBeginObject()) return Malformed();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            if (name.StartsWith("shared_memory_"u8)) return InferFaults.NoSharedMemory(InferFaults.Pointer("/inputs", at, "parameters"));
            if (!name.SequenceEqual("binary_data_size"u8))
            {
                if (Skip() is { } fault) return fault;
                continue;
            }

            if (_json.Peek() != JsonKind.Number || !_json.TryReadNumber(out var token) || !Utf8Parser.TryParse(token, out int size, out var used) || used != token.Length || size < 0)
                return InferFaults.Wrong(InferFaults.Pointer("/inputs", at, "parameters/binary_data_size"), "a number of bytes, 0 or more", _json.Position);
            tensor.BinarySize = size;
        }

        return _json.Fault == JsonFault.None ? null : Malformed();
    }

    private ApiError? ReadOutput()
    {
        var at = request.OutputCount;
        ref var output = ref request.AddOutput();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            var fault = name.SequenceEqual("name"u8) ? ReadName("/outputs", at, ref output.Name, ref output.NameIsEscaped)
                : name.SequenceEqual("parameters"u8) ? ReadOutputParameters(ref output, at)
                : Skip();
            if (fault is not null) return fault;
        }

        if (_json.Fault != JsonFault.None) return Malformed();
        return output.Name.IsEmpty ? InferFaults.Missing("/outputs", at, "name") : null;
    }

    private ApiError? ReadOutputParameters(ref OutputWish output, int at)
    {
        if (_json.Peek() == JsonKind.Null) return Skip();
        if (_json.Peek() != JsonKind.Object) return InferFaults.Wrong(InferFaults.Pointer("/outputs", at, "parameters"), "an object", _json.Position);
        if (!_json.TryBeginObject()) return Malformed();
        for (var first = true; _json.TryNextMember(ref first, out var name, out _);)
        {
            if (name.StartsWith("shared_memory_"u8)) return InferFaults.NoSharedMemory(InferFaults.Pointer("/outputs", at, "parameters"));
            if (name.SequenceEqual("classification"u8) && _json.Peek() is not JsonKind.Null) return InferFaults.NoClassification(at);
            if (!name.SequenceEqual("binary_data"u8))
            {
                if (Skip() is { } fault) return fault;
                continue;
            }

            if (!TryReadFlag(out var wanted)) return InferFaults.Wrong(InferFaults.Pointer("/outputs", at, "parameters/binary_data"), "true or false", _json.Position);
            output.Binary = wanted;
        }

        return _json.Fault == JsonFault.None ? null : Malformed();
    }

    /// <summary>The binary tensors lie behind the text in the order of the inputs, and fill the body to its end.</summary>
    private readonly ApiError? PlaceBinary()
    {
        var at = _text.Length;
        foreach (ref var tensor in request.Inputs)
        {
            if (tensor.BinarySize < 0) continue;
            if (tensor.BinarySize > _body.Length - at) return InferFaults.MissingBytes(tensor.BinarySize, _body.Length - at, Name(tensor));
            tensor.Source = TensorSource.Raw;
            tensor.Data = new Piece(at, at + tensor.BinarySize);
            tensor.At = at;
            at += tensor.BinarySize;
        }

        return at == _body.Length ? null : InferFaults.SurplusBytes(_body.Length - at);
    }

    private readonly string Name(in TensorInput tensor) => System.Text.Encoding.UTF8.GetString(tensor.Name.Of(_text));

    private bool TryReadFlag(out bool value)
    {
        var kind = _json.Peek();
        value = kind == JsonKind.True;
        return kind is JsonKind.True or JsonKind.False && _json.TryReadWord(kind);
    }

    private ApiError? Skip() => _json.TrySkipValue() ? null : Malformed();

    private readonly Piece PieceOf(scoped ReadOnlySpan<byte> part)
    {
        // The string has just been read: its closing quote is the last byte passed.
        var end = _json.Position - 1;
        return new Piece(end - part.Length, end);
    }

    private readonly ApiError Malformed() => PredictionFaults.Malformed(_json.Fault, _json.Position, _text);
}
