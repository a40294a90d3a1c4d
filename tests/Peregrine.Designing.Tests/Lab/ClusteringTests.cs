using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Designing.Tests.Support;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Verification;

namespace Peregrine.Designing.Tests.Lab;

/// <summary>From a dataset to a package of a clustering endpoint, in the calls of the public client.</summary>
public sealed class ClusteringTests
{
    private const string P = "/dip/publicapi/projects/P";

    private static readonly string[] s_algorithmKeys =
    [
        "kmeans_clustering", "mini_batch_kmeans_clustering", "ward_clustering", "spectral_clustering", "db_scan_clustering", "hdb_scan_clustering", "gmm_clustering",
        "two_step", "isolation_forest", "mllib_kmeans_clustering", "mllib_gaussian_mixture_clustering", "h2o_kmeans",
    ];

    [Fact]
    public async Task FromDatasetToPackage_AsThePublicClientDoesIt()
    {
        await using var node = await DesignNode.StartAsync();
        await node.CreateDatasetAsync("pay", PaymentTable.Csv(600));
        var task = await CreateTaskAsync(node);
        (await node.GetAsync($"{P}/models/lab/"))["mlTasks"]!.AsArray().Single()!["taskType"]!.GetValue<string>().ShouldBe("CLUSTERING");
        var settings = await node.GetAsync($"{task}/settings");
        foreach (var key in s_algorithmKeys) settings["modeling"]![key]!["enabled"].ShouldNotBeNull(key);
        settings["modeling"]!["kmeans_clustering"]!["k"].ShouldBeOfType<JsonArray>();
        settings["preprocessing"]!["per_feature"]!["payment_id"]!["role"]!.GetValue<string>().ShouldBe("REJECT");
        settings["modeling"]!["kmeans_clustering"]!["k"] = new JsonArray(3, 4);
        settings["preprocessing"]!["outliers"] = new JsonObject { ["method"] = "CLUSTER", ["share"] = 0.02 };
        foreach (var column in (string[])["card", "when", "is_fraud", "note"]) settings["preprocessing"]!["per_feature"]![column]!["role"] = "REJECT";
        await node.PostAsync($"{task}/settings", settings.ToJsonString());
        var model = (await node.TrainAsync(task)).Single();

        var snippet = await node.SnippetAsync(task, model);
        snippet["trainInfo"]!["state"]!.GetValue<string>().ShouldBe("DONE", snippet.ToJsonString());
        snippet["silhouette"]!.GetValue<double>().ShouldBeInRange(0.05, 1);
        var details = await node.GetAsync($"{task}/models/{model}/details");
        foreach (var member in (string[])["fullModelId", "trainInfo", "userMeta", "preprocessing", "modeling", "actualParams", "iperf", "perf", "coreParams", "splitDesc"])
            details.ContainsKey(member).ShouldBeTrue(member);
        var clusters = details["facts"]!["clusters"]!.AsArray();
        clusters.Sum(cluster => (int)cluster!["size"]!).ShouldBe(600);
        clusters.Count.ShouldBeInRange(4, 5);
        clusters[^1]!["name"]!.GetValue<string>().ShouldBe("cluster_outliers");
        clusters[^1]!["size"]!.GetValue<int>().ShouldBe(12);
        clusters[0]!["facts"]!.AsArray().Select(fact => fact!["feature_label"]!.GetValue<string>()).Order().ShouldBe(["age", "amount", "kind"]);
        details["coreParams"]!["taskType"]!.GetValue<string>().ShouldBe("CLUSTERING");

        var savedModel = await node.DeployAsync(task, model, "pay");
        (await node.ListAsync($"{P}/savedmodels/")).Single()!["miniTask"]!["taskType"]!.GetValue<string>().ShouldBe("CLUSTERING");
        var version = (await node.ListAsync($"{P}/savedmodels/{savedModel}/versions")).Single()!["id"]!.GetValue<string>();
        var meta = $"{P}/savedmodels/{savedModel}/versions/{version}/user-meta";
        await node.RefusedAsync(400, HttpMethod.Put, meta, """{"clusterLabels":{"cluster_99":"Nobody"}}""");
        await node.RefusedAsync(400, HttpMethod.Put, meta, """{"clusterLabels":{"cluster_0":"cluster_1"}}""");
        await node.PutAsync(meta, JsonNode.Parse("""{"clusterLabels":{"cluster_0":"Regulars"}}""")!);
        (await node.GetAsync($"{P}/savedmodels/{savedModel}/versions/{version}/details"))["facts"]!["clusters"]![0]!["name"]!.GetValue<string>().ShouldBe("Regulars");

        var service = await ServiceAsync(node, savedModel, "STD_CLUSTERING");
        (await node.PostAsync($"{service}/endpoints/groups/test-queries/actions/generate?rows=8"))["testQueries"]!.AsArray().Count.ShouldBe(8);
        var responses = (await node.PostAsync($"{service}/endpoints/groups/test-queries/actions/run"))["responses"]!.AsArray();
        string[] labels = ["Regulars", .. clusters.Skip(1).Select(cluster => cluster!["name"]!.GetValue<string>())];
        responses.ShouldAllBe(response => labels.Contains((string?)response!["result"]!["prediction"]) && response["result"]!["distance"]!.GetValueKind() == JsonValueKind.Number);
        responses.ShouldContain(response => (string?)response!["result"]!["prediction"] == "Regulars");

        using (var made = await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1"))
            made.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
        using var download = await node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        var verified = new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None).EnsureFaithful();
        verified.Endpoints["groups"].Kind.ShouldBe("STD_CLUSTERING");
        verified.Golden["groups"].Records.ShouldBeGreaterThan(2);
        (await node.GetAsync($"{service}/packages/v1/summary"))["endpoints"]![0]!["type"]!.GetValue<string>().ShouldBe("STD_CLUSTERING");
    }

    [Fact]
    public async Task WhatCannotBe_IsRefusedWhereItStands()
    {
        await using var node = await DesignNode.StartAsync();
        await node.CreateDatasetAsync("pay", PaymentTable.Csv(200));
        foreach (var body in (string[])
                 [
                     """{"inputDataset":"pay","taskType":"CLUSTERING","targetVariable":"is_fraud"}""", """{"inputDataset":"pay","taskType":"CLUSTERING","guessPolicy":"ANOMALY_DETECTION"}""",
                     """{"inputDataset":"pay","taskType":"PREDICTION","targetVariable":"is_fraud","predictionType":"CLUSTERING"}""", """{"inputDataset":"pay","taskType":"OTHER"}""",
                 ])
            await node.RefusedAsync(400, HttpMethod.Post, $"{P}/models/lab/", body);

        var task = await CreateTaskAsync(node);
        var settings = await node.GetAsync($"{task}/settings");
        settings["modeling"]!["kmeans_clustering"]!["k"] = new JsonArray(1, 200);
        settings["modeling"]!["kmeans_clustering"]!["n_init"] = 0;
        settings["modeling"]!["db_scan_clustering"]!["enabled"] = true;
        settings["preprocessing"]!["outliers"] = new JsonObject { ["method"] = "DROP" };
        settings["preprocessing"]!["per_feature"]!["amount"]!["role"] = "TARGET";
        var refusal = await node.RefusedAsync(400, HttpMethod.Post, $"{task}/settings", settings.ToJsonString());
        refusal["errors"]!.AsArray().Select(item => item!["pointer"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(
        [
            "/modeling/db_scan_clustering/enabled", "/modeling/kmeans_clustering/k", "/modeling/kmeans_clustering/n_init", "/preprocessing/outliers/method",
            "/preprocessing/per_feature/amount/role",
        ]);
        settings["taskType"] = "PREDICTION";
        await node.RefusedAsync(400, HttpMethod.Post, $"{task}/settings", settings.ToJsonString());

        settings = await node.GetAsync($"{task}/settings");
        settings["modeling"]!["kmeans_clustering"]!["k"] = 2;
        await node.PostAsync($"{task}/settings", settings.ToJsonString());
        var savedModel = await node.DeployAsync(task, (await node.TrainAsync(task)).Single(), "pay");
        var wrong = await node.RefusedAsync(400, HttpMethod.Put, $"{P}/apiservices/s/settings", await SettingsAsync(node, "s", savedModel, "STD_PREDICTION"));
        wrong["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/endpoints/0/type");
        var explaining = JsonNode.Parse(await SettingsAsync(node, "s", savedModel, "STD_CLUSTERING"))!;
        explaining["endpoints"]![0]!["explanations"] = new JsonObject { ["enabled"] = true };
        var refused = await node.RefusedAsync(400, HttpMethod.Put, $"{P}/apiservices/s/settings", explaining.ToJsonString());
        refused["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/endpoints/0/explanations/enabled");
    }

    private static async Task<string> CreateTaskAsync(DesignNode node)
    {
        var task = await node.PostAsync($"{P}/models/lab/", """{"inputDataset":"pay","taskType":"CLUSTERING","backendType":"PY_MEMORY","guessPolicy":"KMEANS"}""");
        return $"{P}/models/lab/{task["analysisId"]!.GetValue<string>()}/{task["mlTaskId"]!.GetValue<string>()}";
    }

    private static async Task<string> ServiceAsync(DesignNode node, string savedModel, string kind)
    {
        await node.PutAsync($"{P}/apiservices/clusters/settings", JsonNode.Parse(await SettingsAsync(node, "clusters", savedModel, kind))!);
        return $"{P}/apiservices/clusters";
    }

    /// <summary>Settings of a service, made if need be, with one endpoint.</summary>
    private static async Task<string> SettingsAsync(DesignNode node, string service, string savedModel, string kind)
    {
        using var created = await node.SendAsync(HttpMethod.Post, $"{P}/apiservices/{service}");
        var settings = await node.GetAsync($"{P}/apiservices/{service}/settings");
        settings["endpoints"] = new JsonArray(new JsonObject { ["id"] = "groups", ["type"] = kind, ["modelRef"] = savedModel });
        return settings.ToJsonString();
    }
}
