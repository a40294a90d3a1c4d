using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Records;

namespace Peregrine.Designing.ApiServices.Lookups;

/// <summary>Answers test queries of a lookup in process, by the table, the reader and the writer that the node uses.</summary>
internal sealed class LookupQueryRunner(LookupEndpoint endpoint)
{
    public TestQueryResult Run(JsonObject query)
    {
        var copy = (JsonObject)query.DeepClone();
        if (query["data"] is not JsonObject data) return new TestQueryResult { Query = copy, Error = "The query has no object 'data'.", Elapsed = TimeSpan.Zero };
        var json = Encoding.UTF8.GetBytes(Documents.Text(data));
        var output = new ArrayBufferWriter<byte>();
        var start = Stopwatch.GetTimestamp();
        var key = new TypedRecord(endpoint.Key.Count);
        var scanner = new JsonScanner(json);
        var fault = endpoint.Bind(ref scanner, key);
        if (!fault.IsNone) return new TestQueryResult { Query = copy, Error = LookupFaults.Describe(fault, endpoint.Key, json), Elapsed = Stopwatch.GetElapsedTime(start) };
        endpoint.Answer(key, output);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new TestQueryResult { Query = copy, Result = (JsonObject)JsonNode.Parse(output.WrittenSpan)!, Elapsed = elapsed };
    }
}
