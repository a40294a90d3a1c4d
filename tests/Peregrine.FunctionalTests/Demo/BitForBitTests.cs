using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Peregrine.Datasets.Csv;
using Peregrine.Datasets.Tables;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Training.Evaluation;

namespace Peregrine.FunctionalTests.Demo;

/// <summary>The promise of one pipeline: what training computes for a row is what the API node answers for it, to the last bit.</summary>
public sealed class BitForBitTests(DemoFixture demo)
{
    private const int RowsPerRequest = 2_000;

    [Fact]
    public async Task Node_EveryRowOfTheTestSplit_EqualsTheTrainingSideToTheLastBit()
    {
        var server = await demo.ServeAsync();
        var table = ReadTable(Path.Combine(server.Directory, "demo-data", "payments.csv"));
        // The payments are sorted by time and the split keeps the latest 20 % for the test: the last quarter holds all of them.
        var rows = Enumerable.Range(table.Rows * 3 / 4, table.Rows - table.Rows * 3 / 4).ToList();
        await ShouldEqualAsync(server, "FRAUD", "fraud", "score", "v1", demo.ServiceKey, table, rows);
    }

    internal static async Task ShouldEqualAsync(
        RunningServer server, string project, string service, string endpoint, string version, string? key, Table table, IReadOnlyList<int> rows)
    {
        var model = CompiledModel.Compile(await ReadModelAsync(server, project, service, endpoint, version));
        var expected = TableScorer.Score(model, table, rows, threads: 2);
        using var node = new HttpClient { BaseAddress = server.NodeUrl };
        if (key is not null) node.DefaultRequestHeaders.Authorization = RunningServer.Basic(key);
        var writer = new JsonRowWriter(table, model.Inputs.Fields.Select(field => field.Name));
        var differing = new List<string>();
        for (var from = 0; from < rows.Count; from += RowsPerRequest)
        {
            var chunk = rows.Skip(from).Take(RowsPerRequest).ToList();
            var answers = await AskAsync(node, service, endpoint, writer, chunk);
            for (var i = 0; i < chunk.Count; i++) Compare(model, expected, from + i, chunk[i], answers[i], differing);
        }

        differing.ShouldBeEmpty($"{differing.Count} of {rows.Count} rows differ, such as {differing.FirstOrDefault()}");
    }

    private static void Compare(CompiledModel model, ScoredRows expected, int at, int row, JsonElement answer, List<string> differing)
    {
        var probabilities = answer.GetProperty("probas");
        for (var c = 0; c < model.Spec.Classes.Count; c++)
        {
            var ours = expected.Probabilities[at * model.Spec.Classes.Count + c];
            var theirs = probabilities.GetProperty(model.Spec.Classes[c]).GetDouble();
            if (BitConverter.DoubleToInt64Bits(ours) != BitConverter.DoubleToInt64Bits(theirs)) differing.Add($"row {row}, class {model.Spec.Classes[c]}: {ours:R} and {theirs:R}");
        }

        var prediction = model.Spec.Classes[expected.Predicted[at]];
        if (answer.GetProperty("prediction").GetString() != prediction) differing.Add($"row {row}: {prediction} and {answer.GetProperty("prediction")}");
    }

    private static async Task<IReadOnlyList<JsonElement>> AskAsync(HttpClient node, string service, string endpoint, JsonRowWriter writer, IReadOnlyList<int> rows)
    {
        var body = new StringBuilder("{\"items\":[");
        foreach (var row in rows) body.Append(body.Length > 10 ? "," : "").Append("{\"features\":").Append(Encoding.UTF8.GetString(writer.ToUtf8(row))).Append('}');
        body.Append("]}");
        var response = await node.PostAsync($"/public/api/v1/{service}/{endpoint}/predict-multi", new StringContent(body.ToString()));
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text[..Math.Min(text.Length, 2000)]);
        var results = JsonDocument.Parse(text).RootElement.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(rows.Count);
        return results;
    }

    private static async Task<ModelArtifact> ReadModelAsync(RunningServer server, string project, string service, string endpoint, string version)
    {
        var archive = await server.Http.GetByteArrayAsync($"/public/api/projects/{project}/apiservices/{service}/packages/{version}/archive");
        using var package = PackageReader.Open(new MemoryStream(archive));
        return ModelArtifact.Read(new MemoryStream(package.Read($"endpoints/{endpoint}/model.pgm")));
    }

    internal static Table ReadTable(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return CsvTableReader.Read(plain).Table;
    }
}
