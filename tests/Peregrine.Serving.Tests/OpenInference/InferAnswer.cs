using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>What came back from the protocol, binary tensors taken apart.</summary>
internal sealed record InferAnswer(HttpStatusCode Status, JsonNode Json, string ContentType, string? Encoding, IReadOnlyDictionary<string, byte[]> Binary)
{
    public string? Error => (string?)Json["error"];

    public JsonNode Output(string name) => Json["outputs"]!.AsArray().Single(output => (string?)output!["name"] == name)!;

    public InferAnswer ShouldSucceed()
    {
        Status.ShouldBe(HttpStatusCode.OK, Json.ToJsonString());
        return this;
    }

    public InferAnswer ShouldFail(HttpStatusCode status, string words)
    {
        Status.ShouldBe(status, Json.ToJsonString());
        Error.ShouldNotBeNull().ShouldContain(words);
        return this;
    }

    /// <summary>A record's result in the words of <c>predict</c>, its numbers by their bits.</summary>
    public string ResultOf(int row)
    {
        var reason = Texts("ignoreReason")[row];
        if (reason.Length > 0) return $"{{\"ignored\":true,\"ignoreReason\":\"{reason}\"}}";
        var probas = Numbers("probas");
        var percentile = Numbers("probaPercentile")[row];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"prediction\":\"{Texts("prediction")[row]}\",\"probaPercentile\":{percentile},\"probas\":{{\"0\":{Bits(probas[row * 2])},\"1\":{Bits(probas[(row * 2) + 1])}}},\"ignored\":false}}");
    }

    public double[] Numbers(string name)
    {
        if (!Binary.TryGetValue(name, out var bytes)) return [.. Output(name)["data"]!.AsArray().Select(value => value is null ? double.NaN : (double)value)];
        return (string?)Output(name)["datatype"] == "INT32"
            ? [.. Enumerable.Range(0, bytes.Length / 4).Select(i => (double)BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * 4)))]
            : [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 8)))];
    }

    public string[] Texts(string name)
    {
        if (!Binary.TryGetValue(name, out var bytes)) return [.. Output(name)["data"]!.AsArray().Select(value => (string)value!)];
        var texts = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            texts.Add(System.Text.Encoding.UTF8.GetString(bytes, at + 4, length));
            at += 4 + length;
        }

        return [.. texts];
    }

    /// <summary>A number with the bits it has, as the node writes it.</summary>
    private static string Bits(double value) => double.IsNaN(value) ? "null" : value.ToString("R", CultureInfo.InvariantCulture);
}
