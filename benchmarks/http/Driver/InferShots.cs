using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Benchmarks.Driver;

/// <summary>The demo's record as requests of the Open Inference Protocol. Text goes as BYTES, everything else as FP64; a missing number is NaN, or null in JSON.</summary>
internal static class InferShots
{
    private const string Model = "fraud.score";

    private static readonly string s_path = $"/v2/models/{Model}/infer";

    public static Shot Json(DemoData demo)
    {
        var inputs = Tensors(demo.Features).Select(tensor => (JsonNode)Describe(tensor, new JsonArray(tensor.Value)));
        return new Shot(s_path, Encoding.UTF8.GetBytes(new JsonObject { ["inputs"] = new JsonArray([.. inputs]) }.ToJsonString()));
    }

    public static Shot Binary(DemoData demo) => Binary([demo.Features]);

    /// <summary>Many payments in one request, the same as <see cref="Shot.Multi"/> asks for.</summary>
    public static Shot Binary(DemoData demo, int records) => Binary([.. Enumerable.Range(0, records).Select(demo.PaymentAt)]);

    private static Shot Binary(IReadOnlyList<JsonObject> records)
    {
        var data = new List<byte>();
        var inputs = new JsonArray();
        var tensors = records.Select(Tensors).Select(row => row.ToList()).ToList();
        for (var i = 0; i < tensors[0].Count; i++)
        {
            // A text that is missing in the first record is text in another.
            var isText = tensors.Any(row => row[i].Datatype == "BYTES");
            List<byte> bytes = [.. tensors.SelectMany(row => isText && row[i].Value is null ? Raw("") : Raw(row[i].Value))];
            data.AddRange(bytes);
            var described = Describe((tensors[0][i].Name, isText ? "BYTES" : "FP64", null), null, records.Count);
            described["parameters"] = new JsonObject { ["binary_data_size"] = bytes.Count };
            inputs.Add(described);
        }

        var header = Encoding.UTF8.GetBytes(new JsonObject { ["inputs"] = inputs, ["parameters"] = new JsonObject { ["binary_data_output"] = true } }.ToJsonString());
        return new Shot(s_path, [.. header, .. data], records.Count, "application/octet-stream")
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Inference-Header-Content-Length"] = $"{header.Length}" },
        };
    }

    public static Shot Grpc(DemoData demo)
    {
        var tensors = Tensors(demo.Features).ToList();
        List<byte> message = [.. Field(1, Encoding.UTF8.GetBytes(Model))];
        foreach (var tensor in tensors)
            message.AddRange(Field(5, [.. Field(1, Encoding.UTF8.GetBytes(tensor.Name)), .. Field(2, Encoding.UTF8.GetBytes(tensor.Datatype)), .. Field(3, [1])]));
        foreach (var tensor in tensors) message.AddRange(Field(7, Raw(tensor.Value)));
        var frame = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Count);
        return new Shot("/inference.GRPCInferenceService/ModelInfer", [.. frame, .. message], ContentType: "application/grpc", Http2: true)
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["te"] = "trailers" },
        };
    }

    private static IEnumerable<(string Name, string Datatype, JsonNode? Value)> Tensors(JsonObject features) =>
        features.Select(feature => feature.Value?.GetValueKind() == JsonValueKind.String
            ? (feature.Key, "BYTES", feature.Value.DeepClone())
            : (feature.Key, "FP64", NumberOf(feature.Value)));

    private static JsonNode? NumberOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => JsonValue.Create(1),
        JsonValueKind.False => JsonValue.Create(0),
        _ => value?.DeepClone(),
    };

    private static JsonObject Describe((string Name, string Datatype, JsonNode? Value) tensor, JsonArray? data, int records = 1)
    {
        var described = new JsonObject { ["name"] = tensor.Name, ["datatype"] = tensor.Datatype, ["shape"] = new JsonArray(records) };
        if (data is not null) described["data"] = data;
        return described;
    }

    private static byte[] Raw(JsonNode? value)
    {
        if (value?.GetValueKind() == JsonValueKind.String)
        {
            var text = Encoding.UTF8.GetBytes(value.GetValue<string>());
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            return [.. length, .. text];
        }

        var number = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value is null ? double.NaN : double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture));
        return number;
    }

    /// <summary>A length-delimited field of protocol buffers, shorter than 16,384 bytes.</summary>
    private static byte[] Field(int number, byte[] content)
    {
        var tag = (byte)(number << 3 | 2);
        return content.Length < 128 ? [tag, (byte)content.Length, .. content] : [tag, (byte)(content.Length & 127 | 128), (byte)(content.Length >> 7), .. content];
    }
}
