using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Keys to ask for: for a document or a box to start from, and for golden records.</summary>
public static class LookupSample
{
    /// <summary>The key of a row as an object, such as <c>{"key":"K1"}</c>.</summary>
    public static string KeyOf(LookupEndpoint endpoint, int row)
    {
        var output = new ArrayBufferWriter<byte>();
        endpoint.Results.WriteRow(row, output);
        var data = JsonNode.Parse(output.WrittenSpan)!["data"]!.AsObject();
        return new JsonObject(endpoint.Key.Fields.Select(field => KeyValuePair.Create(field.Name, data[field.Name]?.DeepClone()))).ToJsonString();
    }

    /// <summary>A key of nothing but missing values, which no row has.</summary>
    public static string NoKey(LookupEndpoint endpoint) =>
        new JsonObject(endpoint.Key.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)null))).ToJsonString();

    /// <summary>The body of a call for the first test query, or else for the first row.</summary>
    public static byte[] Body(LookupEndpoint endpoint) => Encoding.UTF8.GetBytes(
        endpoint.TestQueries.FirstOrDefault()?["q"] is JsonObject query ? query.ToJsonString() : $$"""{"data":{{KeyOf(endpoint, 0)}}}""");
}
