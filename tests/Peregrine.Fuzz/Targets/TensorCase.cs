using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Google.Protobuf;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Fuzz.Targets;

/// <summary>An inference request made from bytes: some tensors of some types with some values, which it writes in each form of the protocol.</summary>
internal sealed class TensorCase
{
    private static readonly string[] s_names = ["amount", "country", "online", "at", "day", "count", "na\u00efve \"name\"", "id", "nobody"];

    private static readonly string[] s_types = ["FP64", "BYTES", "BOOL", "INT64", "FP32", "INT32", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "FP16", "BF16"];

    private static readonly double[] s_numbers =
        [0, 1, -1, 0.5, 12.25, -0.0, 1e9, 1.7e12, -1e15, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 9007199254740993, 0.1, 253402300799, -62135596800];

    private static readonly string[] s_texts =
        ["", "FR", "GB", "1", "-2.5", "true", "False", "2026-01-31", "2026-01-31T12:00:00Z", "NaN", "1e5", "a\"b\\c", "Côte d'Ivoire", "null", " 7 ", "\u0001", "1700000000", "2026-02-30", "日本"];

    private readonly List<Tensor> _tensors = [];
    private readonly byte[] _bytes;
    private int _at;

    public TensorCase(byte[] bytes)
    {
        _bytes = bytes;
        var shape = Next();
        var rows = shape % 5;
        var count = 1 + (shape >> 4) % 4;
        for (var i = 0; i < count; i++) _tensors.Add(Make(rows));
    }

    /// <summary>How many tensors there are.</summary>
    public int Count => _tensors.Count;

    public override string ToString() => string.Join("; ", _tensors.Select(tensor => $"{tensor.Name} {tensor.Type}[{tensor.Rows}] {string.Join(',', tensor.Cells.Select(cell => JsonOf(tensor.Type, cell) ?? "not UTF-8"))}"));

    /// <summary>As JSON, and as JSON with binary tensors; each with the length of its JSON before it.</summary>
    public IEnumerable<byte[]> AsBodies()
    {
        var (header, data) = Binary();
        yield return [.. Encoding.ASCII.GetBytes($"{header.Length}\n"), .. header, .. data];
        if (Json(nested: true, binaryOutput: false) is { } json) yield return [.. Encoding.ASCII.GetBytes($"{json.Length}\n"), .. json];
    }

    /// <returns>Null when a value cannot be written in JSON.</returns>
    public byte[]? Json(bool nested, bool binaryOutput)
    {
        var inputs = new List<string>();
        foreach (var tensor in _tensors)
        {
            var cells = tensor.Cells.Select(cell => JsonOf(tensor.Type, cell)).ToList();
            if (cells.Contains(null)) return null;
            var data = string.Join(',', cells.Select(cell => nested ? $"[{cell}]" : cell));
            inputs.Add($"{{\"name\":{Quote(tensor.Name)},\"shape\":[{tensor.Rows}{(nested ? ",1" : "")}],\"datatype\":\"{tensor.Type}\",\"data\":[{data}]}}");
        }

        return Encoding.UTF8.GetBytes($"{{\"inputs\":[{string.Join(',', inputs)}],\"parameters\":{{\"binary_data_output\":{(binaryOutput ? "true" : "false")}}}}}");
    }

    public (byte[] Header, byte[] Data) Binary()
    {
        var data = _tensors.ConvertAll(RawOf);
        var inputs = _tensors.Select((tensor, place) =>
            $"{{\"name\":{Quote(tensor.Name)},\"shape\":[{tensor.Rows},1],\"datatype\":\"{tensor.Type}\",\"parameters\":{{\"binary_data_size\":{data[place].Length}}}}}");
        var header = Encoding.UTF8.GetBytes($"{{\"inputs\":[{string.Join(',', inputs)}],\"parameters\":{{\"binary_data_output\":true}}}}");
        return (header, [.. data.SelectMany(bytes => bytes)]);
    }

    public ModelInferRequest Raw()
    {
        var request = new ModelInferRequest { ModelName = "fuzz.score" };
        foreach (var tensor in _tensors)
        {
            request.Inputs.Add(Head(tensor));
            request.RawInputContents.Add(ByteString.CopyFrom(RawOf(tensor)));
        }

        return request;
    }

    /// <returns>Null when a type has no typed contents.</returns>
    public ModelInferRequest? Typed()
    {
        if (_tensors.Exists(tensor => tensor.Type is "FP16" or "BF16")) return null;
        var request = new ModelInferRequest { ModelName = "fuzz.score" };
        foreach (var tensor in _tensors)
        {
            var head = Head(tensor);
            head.Contents = Contents(tensor);
            request.Inputs.Add(head);
        }

        return request;
    }

    private static ModelInferRequest.Types.InferInputTensor Head(Tensor tensor) => new() { Name = tensor.Name, Datatype = tensor.Type, Shape = { tensor.Rows, 1 } };

    private static InferTensorContents Contents(Tensor tensor)
    {
        var contents = new InferTensorContents();
        foreach (var cell in tensor.Cells)
        {
            switch (tensor.Type)
            {
                case "FP64": contents.Fp64Contents.Add((double)cell); break;
                case "FP32": contents.Fp32Contents.Add((float)cell); break;
                case "BOOL": contents.BoolContents.Add((bool)cell); break;
                case "BYTES": contents.BytesContents.Add(ByteString.CopyFrom((byte[])cell)); break;
                case "INT64": contents.Int64Contents.Add((long)cell); break;
                case "UINT64": contents.Uint64Contents.Add((ulong)cell); break;
                case "UINT8" or "UINT16" or "UINT32": contents.UintContents.Add(Convert.ToUInt32(cell, CultureInfo.InvariantCulture)); break;
                default: contents.IntContents.Add(Convert.ToInt32(cell, CultureInfo.InvariantCulture)); break;
            }
        }

        return contents;
    }

    private Tensor Make(int rows)
    {
        // Mostly a field of the model, and one tensor in sixteen with a shape of its own.
        var name = s_names[Next() % s_names.Length];
        var type = s_types[Next() % s_types.Length];
        var odd = Next();
        var own = odd < 16 ? odd % 5 : rows;
        return new Tensor(name, type, own, [.. Enumerable.Range(0, own).Select(_ => Cell(type))]);
    }

    private object Cell(string type) => type switch
    {
        "FP64" => Number(),
        "FP32" => (float)Number(),
        "FP16" => (Half)Number(),
        "BF16" => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)Number()) & unchecked((int)0xFFFF0000)),
        "BOOL" => Next() % 2 == 1,
        "BYTES" => Text(),
        "UINT64" => (ulong)Bits(),
        "UINT32" => (uint)Bits(),
        "UINT16" => (ushort)Bits(),
        "UINT8" => (byte)Bits(),
        "INT64" => Bits(),
        "INT32" => (int)Bits(),
        "INT16" => (short)Bits(),
        _ => (sbyte)Bits(),
    };

    private double Number()
    {
        var pick = Next();
        return pick < 160 ? s_numbers[pick % s_numbers.Length] : BitConverter.Int64BitsToDouble(Eight());
    }

    private long Bits()
    {
        var pick = Next();
        return pick < 160 ? pick % 20 - 3 : pick < 180 ? long.MaxValue - pick % 3 : Eight();
    }

    private byte[] Text()
    {
        var pick = Next();
        if (pick < 220) return Encoding.UTF8.GetBytes(s_texts[pick % s_texts.Length]);
        var bytes = new byte[pick % 8];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = Next();
        return bytes;
    }

    private long Eight()
    {
        var value = 0L;
        for (var i = 0; i < 8; i++) value = (value << 8) | Next();
        return value;
    }

    private byte Next() => _at < _bytes.Length ? _bytes[_at++] : (byte)0;

    private static string? JsonOf(string type, object cell) => cell switch
    {
        bool flag => flag ? "true" : "false",
        byte[] text => Utf8.IsValid(text) ? Quote(Encoding.UTF8.GetString(text)) : null,
        double value => JsonOf(value),
        float value => JsonOf(value),
        Half value => JsonOf((double)value),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture),
    };

    private static string JsonOf(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? (value > 0 ? "Infinity" : "-Infinity") : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static byte[] RawOf(Tensor tensor) => [.. tensor.Cells.SelectMany(cell => RawOf(tensor.Type, cell))];

    private static byte[] RawOf(string type, object cell)
    {
        switch (cell)
        {
            case float value when type == "BF16": return Little(2, BitConverter.SingleToUInt32Bits(value) >> 16);
            case float value: return Little(4, BitConverter.SingleToUInt32Bits(value));
            case double value: return Little(8, BitConverter.DoubleToUInt64Bits(value));
            case Half value: return Little(2, BitConverter.HalfToUInt16Bits(value));
            case bool flag: return [flag ? (byte)1 : (byte)0];
            case byte[] text: return [.. Little(4, (ulong)text.Length), .. text];
            case ulong value: return Little(8, value);
            case long value: return Little(8, (ulong)value);
            case uint value: return Little(4, value);
            case int value: return Little(4, (ulong)value);
            case ushort value: return Little(2, value);
            case short value: return Little(2, (ulong)value);
            case byte value: return [value];
            case sbyte value: return [(byte)value];
            default: throw new FuzzFault($"{cell} is of no type.");
        }
    }

    private static byte[] Little(int size, ulong bits)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, bits);
        return bytes[..size];
    }

    private sealed record Tensor(string Name, string Type, int Rows, List<object> Cells);
}
