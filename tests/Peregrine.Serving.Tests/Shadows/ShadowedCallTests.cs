using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tests.Bulk;
using Peregrine.Serving.Tests.OpenInference;

namespace Peregrine.Serving.Tests.Shadows;

/// <summary>Shadows of every call besides <c>predict</c> and <c>predict-multi</c> with items, which <see cref="ShadowTests"/> is about.</summary>
public sealed class ShadowedCallTests
{
    private const int Rows = 40;
    private const string Mapping = """{"entries":[{"generation":"v1","proba":1}],"shadows":[{"generation":"v2"}]}""";
    private static readonly TestPackage s_first = new();
    private static readonly TestPackage s_second = new() { Version = "v2", Model = TestModels.Binary(bias: 2) };

    /// <summary>Calls by name: each asks for <see cref="Rows"/> records and is answered by v1.</summary>
    private static readonly Dictionary<string, Func<TestNode, Task>> s_calls = new(StringComparer.Ordinal)
    {
        ["infer json"] = async node => InferResults((await node.InferAsync(Tensors().Json())).ShouldSucceed()),
        ["infer binary"] = async node => InferResults((await node.InferAsync(Tensors().Binary())).ShouldSucceed()),
        ["infer outputs"] = async node =>
        {
            var body = Tensors().Json();
            body["outputs"] = JsonNode.Parse("""[{"name":"prediction"}]""");
            (await node.InferAsync(body)).ShouldSucceed();
        },
        ["grpc"] = async node =>
        {
            using var grpc = new GrpcNode(node);
            var answer = await grpc.Client.ModelInferAsync(GrpcNode.Raw(Tensors()));
            for (var row = 0; row < Rows; row++) GrpcNode.ResultOf(answer, row).ShouldBe(s_first.Expected(Tensors().Features(row)));
        },
        ["grpc typed"] = async node =>
        {
            using var grpc = new GrpcNode(node);
            (await grpc.Client.ModelInferAsync(GrpcNode.Typed(Tensors()))).ModelVersion.ShouldBe("v1");
        },
        ["csv"] = node => StreamAsync(node, "text/csv", Csv(Rows)),
        ["json lines"] = node => StreamAsync(node, "application/x-ndjson", string.Concat(Enumerable.Range(0, Rows).Select(row => Tensors().Features(row) + "\n"))),
        ["columns"] = async node =>
        {
            var columns = new JsonObject();
            foreach (var name in (string[])["amount", "country", "online", "at"])
                columns[name] = new JsonArray([.. Enumerable.Range(0, Rows).Select(row => JsonNode.Parse(Tensors().Features(row))![name]?.DeepClone())]);
            (await node.PredictAsync(new JsonObject { ["columns"] = columns }.ToJsonString(), "fraud/score/predict-multi")).ShouldSucceed().Generation.ShouldBe("v1");
        },
    };

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Shadow_OfAnyCall_IsComparedRecordByRecord(string call)
    {
        await using var node = await StartAsync(s_second);
        await s_calls[call](node);

        var found = await ComparedAsync(node, Rows);

        var pairs = Enumerable.Range(0, Rows).Select(row => (First: Result(s_first, row), Second: Result(s_second, row))).ToList();
        var flips = pairs.Count(pair => (string?)pair.First["prediction"] != (string?)pair.Second["prediction"]);
        var distances = pairs.Select(pair => Math.Abs(Positive(pair.First) - Positive(pair.Second))).Where(double.IsFinite).ToList();
        flips.ShouldBeInRange(1, Rows - 1);
        ((long?)found["flips"]).ShouldBe(flips);
        ((long?)found["failed"]).ShouldBe(0);
        ((double)found["scoreDistance"]!["max"]!).ShouldBe(distances.Max(), 1e-12);
        ((double)found["scoreDistance"]!["mean"]!).ShouldBe(distances.Sum() / (double)found["scoreDistance"]!["records"]!, 1e-12);
        ((long?)found["latencyMs"]!["shadow"]!["count"]).ShouldBe(Rows);
        ((long?)found["latencyMs"]!["primary"]!["count"]).ShouldBe(1);
        ShouldAddUp(await ReportAsync(node), offered: Rows);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Shadow_OfAnotherSchema_CountsEachRecordAsFailed(string call)
    {
        await using var node = await StartAsync(new TestPackage { Version = "v2", Model = TestModels.OtherSchema(), Sample = """{"area":1}""" });
        await s_calls[call](node);
        await Eventually.TrueAsync(async () => (long?)(await FirstAsync(node))?["failed"] == Rows);
        ((string?)(await FirstAsync(node))!["lastFailure"]).ShouldNotBeNull().ShouldContain("is not a feature");
        ((long?)(await FirstAsync(node))!["records"]).ShouldBe(0);
        ShouldAddUp(await ReportAsync(node), offered: Rows);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Shadow_InTheQueryLog_HasTheResultOfItsGenerationForTheSameRecord(string call)
    {
        await using var node = await StartAsync(s_second);
        await s_calls[call](node);
        var lines = Array.Empty<JsonNode>();
        await Eventually.TrueAsync(() =>
        {
            if (!Directory.Exists(Path.Combine(node.Folder, "logs"))) return false;
            lines = [.. Directory.GetFiles(Path.Combine(node.Folder, "logs")).SelectMany(ReadLines).Select(line => JsonNode.Parse(line)!)];
            return lines.Length == 2 * Rows;
        });
        var answered = lines.Where(line => (string?)line["generation"] == "v1").ToDictionary(line => (int)line["record"]!);
        var shadowed = lines.Where(line => (string?)line["variant"] == "shadow").ToDictionary(line => (int)line["record"]!);
        for (var row = 0; row < Rows; row++)
        {
            shadowed[row]["result"]!.ToJsonString().ShouldBe(Result(s_second, row).ToJsonString());
            shadowed[row]["features"]!.ToJsonString().ShouldBe(answered[row]["features"]!.ToJsonString());
            ((string?)shadowed[row]["protocol"]).ShouldBe((string?)answered[row]["protocol"]);
            ((string?)shadowed[row]["generation"]).ShouldBe("v2");
        }
    }

    [Fact]
    public async Task Shadow_ThatRefusesSomeValues_FailsForTheseRecordsOnly()
    {
        var strict = new TestPackage
        {
            Version = "v2", Model = TestPackage.WithReference(new PredictionSettings()).Model, Settings = new PredictionSettings { UnseenCategories = FeaturePolicy.Refuse },
        };
        await using var node = await StartAsync(strict);
        await StreamAsync(node, "text/csv", "amount,country,online,at\n1,FR,true,2026-01-31\n2,Atlantis,true,2026-01-31\n3,GB,true,2026-01-31\n");
        var found = await ComparedAsync(node, 2);
        ((long?)found["failed"]).ShouldBe(1);
        ((string?)found["lastFailure"]).ShouldNotBeNull().ShouldContain("Atlantis");
        ShouldAddUp(await ReportAsync(node), offered: 3);
    }

    [Fact]
    public async Task Shadow_OfALongStream_KeepsWithinItsMemoryAndCountsWhatItDrops()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_first).WithGeneration(s_second).With(options => options.QueryLogEnabled = false)
            .WithServices(services => services.Configure<ShadowOptions>(options => (options.QueueBytes, options.CpuShare) = (256 * 1024, 1))).StartAsync();
        await node.MapAsync(Mapping);
        var queue = node.Services.GetRequiredService<ShadowQueue>();
        using var duplex = await Duplex.OpenAsync(node, "text/csv", "application/x-ndjson");
        await duplex.SendAsync("amount,country,online,at\n");
        var reading = duplex.CountLinesAsync();
        var piece = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i},FR,true,2026-01-31\n"));
        var most = 0L;
        async Task SendAllAsync()
        {
            for (var i = 0; i < 30; i++) await duplex.SendAsync(piece);
            await duplex.EndAsync();
        }

        var sending = SendAllAsync();
        for (; !reading.IsCompleted; await Task.Delay(1)) most = Math.Max(most, queue.WaitingBytes);
        await sending;
        (await reading).Lines.ShouldBe(30_001, "the caller's stream is whole");
        most.ShouldBeInRange(1, 128 * 1024, "streams leave half of the room to single requests");
        var totals = queue.Totals;
        await Eventually.TrueAsync(() => queue.Waiting == 0 && totals.Compared + totals.Full == 30_000);
        totals.Offered.ShouldBe(30_000);
        totals.Full.ShouldBeGreaterThan(0);
        totals.Compared.ShouldBeGreaterThan(0);
        queue.WaitingBytes.ShouldBe(0);
        queue.DroppedFull.ShouldBeInRange(1, totals.Full);
    }

    [Fact]
    public async Task Shadow_SetAndRemovedDuringAStream_GetsTheRecordsOfItsTimeOnly()
    {
        await using var node = await StartAsync(s_second);
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":1}]}""");
        using var duplex = await Duplex.OpenAsync(node, "text/csv", "application/x-ndjson");
        await duplex.SendAsync("amount,country,online,at\n");
        async Task SendAsync(int block)
        {
            await duplex.SendAsync(string.Concat(Enumerable.Range(0, 16).Select(i => $"{i},FR,true,2026-01-31\n")));
            await duplex.ReadUntilAsync(text => text.Split("\"ignored\"").Length - 1 >= 16 * block);
        }

        await SendAsync(1);
        await node.MapAsync(Mapping);
        await SendAsync(2);
        await ComparedAsync(node, 16);
        await node.MapAsync("""{"entries":[{"generation":"v1","proba":1}]}""");
        await SendAsync(3);
        await duplex.EndAsync();
        (await duplex.ReadToEndAsync()).ShouldContain("\"rows\":48");
        ShouldAddUp(await ReportAsync(node), offered: 16);
    }

    [Fact]
    public async Task Parts_OfAStreamThatIsCutOff_GiveTheirRoomBack()
    {
        await using var node = await StartAsync(s_second);
        using var queue = new ShadowQueue(Microsoft.Extensions.Options.Options.Create(new ShadowOptions { QueueBytes = 256 * 1024 }));
        var state = node.Services.GetRequiredService<NodeState>();
        var primary = state.Current.Services["fraud"].Targets[0].Endpoints["score"];
        using (var copies = new StreamCopies(queue, state, primary, new Caller(CallerKey.Anyone, null, 0)))
        {
            copies.Begin();
            for (var i = 0; i < 3_000; i++)
                if (copies.TryTake()) copies.Add(new ShadowRecord(i, new byte[50], default, new byte[50]));
            queue.WaitingBytes.ShouldBeLessThanOrEqualTo(128 * 1024);
            queue.Waiting.ShouldBe(2);
            var record = new byte[10];
            queue.Offer(state.Current.Services["fraud"], primary, many: false, rows: 1, record, record, new Caller(CallerKey.Anyone, null, 0));
            queue.Waiting.ShouldBe(3, "a single request has its room");
        }

        (queue.Waiting, queue.WaitingBytes).ShouldBe((1, 20L));
        queue.Totals.Released.ShouldBeGreaterThan(0);
        (queue.Totals.Released + queue.Totals.Full + 1).ShouldBe(queue.Totals.Offered);
        queue.Totals.Offered.ShouldBe(3_001);
    }

    private static async Task<TestNode> StartAsync(TestPackage shadow)
    {
        var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_first).WithGeneration(shadow).StartAsync();
        await node.MapAsync(Mapping);
        return node;
    }

    private static InferRecords Tensors() => new(Rows, seed: 5);

    private static string Csv(int rows) => "amount,country,online,at\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
    {
        var cells = JsonNode.Parse(Tensors().Features(row))!.AsObject();
        return string.Join(',', cells.Select(cell => $"\"{(cell.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : cell.Value?.ToJsonString() ?? "")}\"")) + "\n";
    }));

    private static async Task StreamAsync(TestNode node, string type, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Address}public/api/v1/fraud/score/predict-multi") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await node.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        ((string?)JsonNode.Parse(text)!["apiContext"]!["serviceGeneration"]).ShouldBe("v1");
    }

    private static void InferResults(InferAnswer answer)
    {
        for (var row = 0; row < Rows; row++) answer.ResultOf(row).ShouldBe(s_first.Expected(Tensors().Features(row)));
    }

    private static JsonNode Result(TestPackage package, int row) => JsonNode.Parse(package.Expected(Tensors().Features(row)))!;

    private static double Positive(JsonNode result) => (double?)result["probas"]!["1"] ?? double.NaN;

    private static async Task<JsonNode> ReportAsync(TestNode node) => (await node.AdminAsync(HttpMethod.Get, "services/fraud/shadows"))!;

    private static void ShouldAddUp(JsonNode report, long offered)
    {
        var records = report["records"]!;
        ((long)records["offered"]!).ShouldBe(offered);
        ((long)records["compared"]! + (long)records["failed"]! + (long)records["own"]! + (long)records["dropped"]!["queueFull"]! + (long)records["dropped"]!["released"]!)
            .ShouldBe(offered, records.ToJsonString());
    }

    private static async Task<JsonNode?> FirstAsync(TestNode node) => (await ReportAsync(node))["comparisons"]!.AsArray().FirstOrDefault();

    private static async Task<JsonNode> ComparedAsync(TestNode node, int records)
    {
        await Eventually.TrueAsync(async () => (long?)(await FirstAsync(node))?["records"] == records);
        return (await FirstAsync(node))!;
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
