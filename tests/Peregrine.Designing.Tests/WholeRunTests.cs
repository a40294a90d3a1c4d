using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Designing.Tests.Support;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Verification;

namespace Peregrine.Designing.Tests;

/// <summary>From a CSV to a published package, in the order and the bytes of the public client.</summary>
public sealed class WholeRunTests
{
    private const string P = "/dip/publicapi/projects/P";

    [Fact]
    public async Task FromCsvToPublishedPackage_AsThePublicClientDoesIt()
    {
        await using var deployer = await RecordingDeployer.StartAsync();
        await using var node = await DesignNode.StartAsync(configure: options =>
        {
            options.DeployerUrl = deployer.Url;
            options.DeployerKey = RecordingDeployer.Key;
        });

        // Project, dataset, detection, settings.
        await node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p","owner":"ann","settings":null,"description":null,"permissions":[],"tags":[]}""");
        await node.PostAsync($"{P}/datasets/", """{"name":"pay","projectKey":"P","type":"UploadedFiles","params":{}}""");
        using (var upload = await node.UploadAsync("P", "pay", "pay.csv", PaymentTable.Csv(2000))) upload.EnsureSuccessStatusCode();
        await node.GetAsync($"{P}/datasets/pay");
        var dataset = await node.GetAsync($"{P}/datasets/pay");
        var job = await node.PostAsync($"{P}/datasets/pay/actions/testAndDetectSettings/fsLike", """{"detectPossibleFormats":true,"inferStorageTypes":true}""");
        var detected = (await node.GetAsync($"/dip/publicapi/futures/{job["jobId"]}?peek=False"))["result"]!["format"]!;
        dataset["formatType"] = detected["type"]!.DeepClone();
        dataset["formatParams"] = detected["params"]!.DeepClone();
        dataset["schema"] = detected["schemaDetection"]!["newSchema"]!.DeepClone();
        await node.PutAsync($"{P}/datasets/pay", dataset);

        // ML task with its guess, settings there and back, training.
        var task = await node.CreateTaskAsync("pay", "is_fraud");
        var settings = await node.GetAsync($"{task}/settings");
        settings["predictionType"]!.GetValue<string>().ShouldBe("BINARY_CLASSIFICATION");
        settings["preprocessing"]!["per_feature"]!["payment_id"]!["role"]!.GetValue<string>().ShouldBe("REJECT");
        settings["preprocessing"]!["per_feature"]!["card"]!["role"] = "REJECT";
        await node.PostAsync($"{task}/settings", settings.ToJsonString());
        var session = (await node.PostAsync($"{task}/train", """{"sessionName":null,"sessionDescription":null,"runQueue":false}"""))["sessionId"]!.GetValue<string>();
        var first = await node.GetAsync($"{task}/status");
        first["fullModelIds"]!.AsArray().Count.ShouldBe(3);
        var status = await node.WaitTrainedAsync(task);
        var ids = status["fullModelIds"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()).ToList();
        status["fullModelIds"]!.AsArray().ShouldAllBe(model => model!["fullModelId"]!["sessionId"]!.GetValue<string>() == session);
        ids.ShouldAllBe(id => System.Text.RegularExpressions.Regex.IsMatch(id, @"^A-(\w+)-(\w+)-(\w+)-(s\d+)-(pp\d+)-(m\d+)$"));

        // Snippets by a body on GET, details.
        var snippets = (JsonObject)(await node.JsonAsync(
            HttpMethod.Get, $"{task}/models-snippets", new JsonObject { ["modelsIds"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) }.ToJsonString()))!;
        foreach (var id in ids)
        {
            snippets[id]!["trainInfo"]!["state"]!.GetValue<string>().ShouldBe("DONE", snippets[id]!.ToJsonString());
            snippets[id]!["auc"]!.GetValue<double>().ShouldBeInRange(0.75, 1);
        }

        var best = ids.MaxBy(id => snippets[id]!["auc"]!.GetValue<double>())!;
        var details = await node.GetAsync($"{task}/models/{best}/details");
        foreach (var member in new[] { "fullModelId", "trainInfo", "userMeta", "preprocessing", "modeling", "actualParams", "iperf", "perf", "coreParams", "splitDesc" })
            details.ContainsKey(member).ShouldBeTrue(member);
        details.ContainsKey("facts").ShouldBeFalse();
        details["perf"]!["rocVizData"].ShouldNotBeNull();
        details["actualParams"]!["resolved"]!["skipExpensiveReports"].ShouldNotBeNull();
        ((int)details["splitDesc"]!["trainRows"]! + (int)details["splitDesc"]!["testRows"]!).ShouldBe(2000);

        // Saved model.
        var savedModel = await node.DeployAsync(task, best, "pay");
        var versions = await node.ListAsync($"{P}/savedmodels/{savedModel}/versions");
        versions.Single()!["active"]!.GetValue<bool>().ShouldBeTrue();
        var origin = await node.GetAsync($"{P}/savedmodels/{savedModel}");
        origin["lastExportedFrom"]!.GetValue<string>().ShouldBe(best);
        origin["miniTask"]!["modeling"]!["metrics"].ShouldNotBeNull();
        var version = versions.Single()!["id"]!.GetValue<string>();
        (await node.GetAsync($"{P}/savedmodels/{savedModel}/versions/{version}/details"))["smOrigin"]!["fullModelId"]!.GetValue<string>().ShouldBe(best);
        (await node.GetAsync($"{P}/savedmodels/{savedModel}/versions/{version}/snippet"))["predictionType"]!.GetValue<string>().ShouldBe("BINARY_CLASSIFICATION");

        // Service, test queries, package, publish.
        var service = await node.CreateServiceAsync("fraud", savedModel);
        var generated = await node.PostAsync($"{service}/endpoints/score/test-queries/actions/generate?rows=5");
        generated["testQueries"]!.AsArray().Count.ShouldBe(5);
        var ran = await node.PostAsync($"{service}/endpoints/score/test-queries/actions/run");
        ran["responses"]!.AsArray().ShouldAllBe(response => response!["result"]!["prediction"]!.GetValueKind() == JsonValueKind.String);
        using (var made = await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1?releaseNotes=first"))
            made.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
        var packages = await node.ListAsync($"{service}/packages");
        packages.Single()!["id"]!.GetValue<string>().ShouldBe("v1");
        packages.Single()!["createdOn"]!.GetValue<long>().ShouldBeGreaterThan(1_700_000_000_000);
        using (var published = await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1/publish"))
            published.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await published.Content.ReadAsStringAsync());

        // What arrived is the archive that the designer keeps, and a node would take it.
        using var download = await node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        var archive = await download.Content.ReadAsByteArrayAsync();
        deployer.Services["fraud"]["v1"].ShouldBe(archive);
        using var reader = PackageReader.Open(new MemoryStream(archive));
        reader.Manifest.ReleaseNotes.ShouldBe("first");
        var verified = new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None).EnsureFaithful();
        verified.Golden["score"].Records.ShouldBeInRange(2, node.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<DesigningOptions>>().Value.GoldenRecords);
        verified.Endpoints["score"].TestQueries.Count.ShouldBe(5);
        var golden = System.Text.Encoding.UTF8.GetString(reader.Read("endpoints/score/golden.jsonl"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var scores = golden.SkipLast(1).Select(record => record["result"]!["probas"]!["1"]!.GetValue<double>()).ToList();
        scores.SequenceEqual(scores.Order()).ShouldBeTrue("spread over the range of scores, ascending");
        (scores[^1] - scores[0]).ShouldBeGreaterThan(0.5);
        golden.SkipLast(1).ShouldContain(record => record["input"]!["amount"] == null);
        golden[^1]["input"]!.AsObject().ShouldAllBe(member => member.Value == null);
    }
}
