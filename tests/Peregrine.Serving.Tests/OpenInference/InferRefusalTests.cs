using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class InferRefusalTests
{
    private const string Others = """
        {"name":"country","shape":[1],"datatype":"BYTES","data":["FR"]},{"name":"online","shape":[1],"datatype":"BOOL","data":[true]},{"name":"at","shape":[1],"datatype":"BYTES","data":[""]}
        """;

    [Theory]
    [InlineData("", "no body")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}", "no tensor in 'inputs'")]
    [InlineData("""{"inputs":[]}""", "no tensor in 'inputs'")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "twice")]
    [InlineData("""{"inputs":{} }""", "must be an array of tensors")]
    [InlineData("""{"inputs":[1]}""", "'/inputs/0' must be an object")]
    [InlineData("""{"id":5,"inputs":[]}""", "'/id' must be a string")]
    [InlineData("""{"inputs":[{"shape":[1],"datatype":"FP64","data":[1]}]}""", "'/inputs/0' has no 'name'")]
    [InlineData("""{"inputs":[{"name":"amount","datatype":"FP64","data":[1]}]}""", "has no 'shape'")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"data":[1]}]}""", "has no 'datatype'")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64"}]}""", "has no 'data'")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"STRING","data":[1]}]}""", "is no datatype")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[],"datatype":"FP64","data":[1]}]}""", "has no dimension")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[-1],"datatype":"FP64","data":[1]}]}""", "Unable to parse 'shape'")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1.5],"datatype":"FP64","data":[1]}]}""", "whole numbers")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[99999999999999999999999],"datatype":"FP64","data":[1]}]}""", "more elements than can be counted")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[4294967296,4294967296],"datatype":"FP64","data":[1]}]}""", "more elements than can be counted")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""", "more than one element per record")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":5}]}""", "must be an array")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1],"parameters":{"binary_data_size":8} }]}""", "give one of them")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","parameters":{"binary_data_size":-8} }]}""", "0 or more")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","parameters":{"binary_data_size":8} }]}""", "8 bytes behind the JSON; 0 are left")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","parameters":{"shared_memory_region":"x"} }]}""", "shared memory")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1]}]}""", "3 inputs are not in the request: country, online, at")]
    [InlineData("""{"inputs":[{"name":"amuont","shape":[1],"datatype":"FP64","data":[1]}]}""", "Did you mean 'amount'?")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1]},{"name":"amount","shape":[1],"datatype":"FP64","data":[1]}]}""", "stands twice")]
    [InlineData("""{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1]},{"name":"online","shape":[2],"datatype":"BOOL","data":[true,true]}]}""", "same number")]
    [InlineData("""{"parameters":{"binary_data_output":1},"inputs":[]}""", "true or false")]
    public async Task Infer_BadRequest_Says(string body, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.InferAsync(Encoding.UTF8.GetBytes(body), null)).ShouldFail(HttpStatusCode.BadRequest, words);
    }

    [Theory]
    [InlineData("FP64", "[1]", "[\"x\"]", "must be a number")]
    [InlineData("FP64", "[1]", "[]", "ends before its element 0")]
    [InlineData("FP64", "[1]", "[1,2]", "more elements than the 1")]
    [InlineData("FP64", "[1]", "[{}]", "must be a number")]
    [InlineData("INT8", "[1]", "[300]", "is no INT8")]
    [InlineData("UINT16", "[1]", "[-1]", "is no UINT16")]
    [InlineData("INT32", "[1]", "[1.5]", "is no INT32")]
    [InlineData("FP64", "[2]", "[1,2]", "same number")]
    public async Task Infer_BadElement_SaysWhere(string type, string shape, string data, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = $$"""{"inputs":[{{Others}},{"name":"amount","shape":{{shape}},"datatype":"{{type}}","data":{{data}}}]}""";
        var answer = (await node.InferAsync(Encoding.UTF8.GetBytes(body), null)).ShouldFail(HttpStatusCode.BadRequest, words);
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldNotBeNull().ShouldStartWith("/inputs/3");
    }

    [Theory]
    [InlineData("[{\"name\":\"nothing\"}]", "is no output")]
    [InlineData("[{\"name\":\"probas\"},{\"name\":\"probas\"}]", "stands twice")]
    [InlineData("[{}]", "has no 'name'")]
    [InlineData("[{\"name\":\"probas\",\"parameters\":{\"classification\":3}}]", "classification extension is not offered")]
    [InlineData("[{\"name\":\"probas\",\"parameters\":{\"binary_data\":\"yes\"}}]", "true or false")]
    public async Task Infer_BadOutputs_Says(string outputs, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var body = new InferRecords(1).Json();
        body["outputs"] = JsonNode.Parse(outputs);
        (await node.InferAsync(body)).ShouldFail(HttpStatusCode.BadRequest, words);
    }

    [Fact]
    public async Task Infer_BinaryThatDoesNotAddUp_Says()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var (header, data) = new InferRecords(3).Binary();
        (await node.InferAsync((header, [.. data, 0]))).ShouldFail(HttpStatusCode.BadRequest, "Unexpected additional input data: 1 bytes");
        (await node.InferAsync((header, data[..^1]))).ShouldFail(HttpStatusCode.BadRequest, "are left");
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] body = [.. text, .. data];
        foreach (var length in new[] { "-1", "x", "", $"{body.Length + 1}", "99999999999999" })
            (await node.InferAsync(body, length)).ShouldFail(HttpStatusCode.BadRequest, "Inference-Header-Content-Length");
        (await node.InferAsync(body, (text.Length - 1).ToString(CultureInfo.InvariantCulture))).ShouldFail(HttpStatusCode.BadRequest, "not valid JSON");
        // A length inside the text of the first tensor that points behind the tensor.
        var broken = data.ToArray();
        broken[2] = 0x7F;
        (await node.InferAsync((header, broken))).ShouldFail(HttpStatusCode.BadRequest, "ends before its element 0");
        foreach (var input in header["inputs"]!.AsArray()) input!["shape"] = new JsonArray(4);
        (await node.InferAsync((header, data))).ShouldFail(HttpStatusCode.BadRequest, "32 bytes for 4 elements");
    }

    [Fact]
    public async Task Infer_TextThatIsNotUtf8_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var (header, data) = new InferRecords(1, 3).Binary();
        var at = Array.LastIndexOf(header["inputs"]!.AsArray().Select(input => (string?)input!["name"]).ToArray(), "country");
        at.ShouldBe(3);
        header["inputs"]![3]!["parameters"]!["binary_data_size"] = 5;
        var rest = data[..(data.Length - InferRecords.Prefixed(new InferRecords(1, 3).CountryOrEmpty(0)).Length)];
        (await node.InferAsync((header, [.. rest, 1, 0, 0, 0, 0xFF]))).ShouldFail(HttpStatusCode.BadRequest, "not UTF-8");
    }

    [Fact]
    public async Task Infer_MoreRecordsThanTaken_Is413()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRecordsPerRequest = 10).StartAsync();
        (await node.InferAsync(new InferRecords(10).Json())).ShouldSucceed();
        (await node.InferAsync(new InferRecords(11).Json())).ShouldFail(HttpStatusCode.RequestEntityTooLarge, "10 records");
    }

    [Fact]
    public async Task Infer_NobodysKey_Is401AndAKeyOpens()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var body = new InferRecords(1).Json();
        (await node.InferAsync(body)).ShouldFail(HttpStatusCode.Unauthorized, "needs an API key");
        (await node.InferAsync(body, key: "wrong")).ShouldFail(HttpStatusCode.Unauthorized, "does not open");
        (await node.InferAsync(body, key: TestPackage.Key)).ShouldSucceed();
        (await node.InferAsync(body, key: ApiNodeBuilder.AdminKey)).ShouldSucceed();
    }
}
