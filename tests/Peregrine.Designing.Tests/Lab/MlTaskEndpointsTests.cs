using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Lab;

public sealed class MlTaskEndpointsTests(TrainedNode trained) : IClassFixture<TrainedNode>
{
    private static readonly string[] AlgorithmKeys =
    [
        "random_forest_classification", "random_forest_regression", "extra_trees", "gbt_classification", "gbt_regression",
        "decision_tree_classification", "decision_tree_regression", "ridge_regression", "lasso_regression", "leastsquare_regression",
        "logistic_regression", "sgd_regression", "sgd_classifier", "knn", "svc_classifier", "svm_regression", "lars_params",
        "lightgbm_classification", "lightgbm_regression", "xgboost", "neural_network", "deep_neural_network_regression",
        "deep_neural_network_classification", "deep_learning_sparkling", "gbm_sparkling", "rf_sparkling", "glm_sparkling", "nb_sparkling",
        "vertica_linear_regression", "vertica_logistic_regression", "keras", "mllib_logit", "mllib_linreg", "mllib_naive_bayes", "mllib_rf",
        "mllib_gbt", "mllib_dt",
    ];

    private readonly DesignNode _node = trained.Node;

    [Fact]
    public async Task Settings_OfAGuess_HoldEveryMemberThatClientsRead()
    {
        var settings = await _node.GetAsync($"{trained.Task}/settings");
        var modeling = settings["modeling"]!.AsObject();
        foreach (var key in AlgorithmKeys) modeling[key]!["enabled"].ShouldNotBeNull(key);
        foreach (var key in new[] { "random_forest_classification", "random_forest_regression", "extra_trees", "leastsquare_regression", "logistic_regression", "sgd_regression", "sgd_classifier" })
            modeling[key]!["n_jobs"].ShouldNotBeNull(key);
        modeling["xgboost"]!["nthread"].ShouldNotBeNull();
        foreach (var key in new[] { "mllib_rf", "mllib_gbt", "mllib_dt" })
        {
            modeling[key]!["cache_node_ids"]!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.False);
            modeling[key]!["max_memory_mb"].ShouldNotBeNull(key);
        }

        modeling["custom_mllib"].ShouldBeOfType<JsonArray>();
        modeling["custom_python"].ShouldBeOfType<JsonArray>();
        modeling["plugin_python"].ShouldBeOfType<JsonObject>();
        modeling["metrics"]!["customMetrics"].ShouldBeOfType<JsonArray>();
        foreach (var key in new[] { "strategy", "mode", "nIter", "nIterRandom", "timeout", "nJobs", "cvSeed", "distributed", "foldOffset", "equalDurationFolds" })
            modeling["gridSearchParams"]![key].ShouldNotBeNull(key);
        foreach (var key in new[] { "C" }) modeling["logistic_regression"]![key]!["limit"].ShouldBeOfType<JsonObject>();
        foreach (var (name, feature) in settings["preprocessing"]!["per_feature"]!.AsObject())
        {
            feature!["role"].ShouldNotBeNull(name);
            feature["type"].ShouldNotBeNull(name);
        }

        settings["preprocessing"]!["per_feature"]!["is_fraud"]!["role"]!.GetValue<string>().ShouldBe("TARGET");
        settings["preprocessing"]!["target_remapping"]!.ToJsonString().ShouldBe("""[{"sourceValue":"0","mappedValue":0},{"sourceValue":"1","mappedValue":1}]""");
        settings["time"].ShouldBeOfType<JsonObject>();
        settings["weight"].ShouldBeOfType<JsonObject>();
        settings["splitParams"]!["ttPolicy"].ShouldNotBeNull();
        settings["diagnosticsSettings"]!["settings"].ShouldBeOfType<JsonArray>();
        settings["assertionsParams"]!["assertions"].ShouldBeOfType<JsonArray>();
    }

    [Fact]
    public async Task Settings_WithMembersUnknownToUs_KeepThem()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        var settings = await _node.GetAsync($"{task}/settings");
        settings["preprocessing"]!["per_feature"]!["age"]!["customHandlingCode"] = "pass";
        settings["mine"] = 42;
        await _node.PostAsync($"{task}/settings", settings.ToJsonString());
        var again = await _node.GetAsync($"{task}/settings");
        again["mine"]!.GetValue<int>().ShouldBe(42);
        again["preprocessing"]!["per_feature"]!["age"]!["customHandlingCode"]!.GetValue<string>().ShouldBe("pass");
    }

    [Fact]
    public async Task Settings_ThatCannotBeTrained_AreRefusedWithEveryPlace()
    {
        var settings = await _node.GetAsync($"{trained.Task}/settings");
        settings["modeling"]!["xgboost"]!["enabled"] = true;
        settings["modeling"]!["logistic_regression"]!["C"]!["values"] = new JsonArray(0.1, 1, 10);
        settings["preprocessing"]!["per_feature"]!["age"]!["type"] = "TEXT";
        settings["splitParams"]!["kfold"] = true;
        var error = await _node.RefusedAsync(400, HttpMethod.Post, $"{trained.Task}/settings", settings.ToJsonString());
        error["detailedMessage"]!.GetValue<string>().ShouldContain("logistic_regression, random_forest_classification, lightgbm_classification");
        error["errors"]!.AsArray().Select(item => item!["pointer"]!.GetValue<string>()).ShouldBe(
            ["/preprocessing/per_feature/age/type", "/splitParams/kfold", "/modeling/xgboost/enabled", "/modeling/logistic_regression/C"],
            ignoreOrder: true);
        (await _node.GetAsync($"{trained.Task}/settings"))["splitParams"]!["kfold"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("nothing", "PREDICTION", "PY_MEMORY", null, 400, "nothing")]
    [InlineData("is_fraud", "CLUSTERING", "PY_MEMORY", null, 400, "CLUSTERING")]
    [InlineData("is_fraud", "PREDICTION", "H2O", null, 400, "H2O")]
    [InlineData("is_fraud", "PREDICTION", "PY_MEMORY", "TIMESERIES_FORECAST", 400, "TIMESERIES_FORECAST")]
    [InlineData("amount", "PREDICTION", "PY_MEMORY", null, 422, "amount")]
    public async Task Create_OfATaskThatCannotBeTrained_SaysWhy(
        string target, string taskType, string backend, string? predictionType, int status, string says)
    {
        var body = new JsonObject { ["inputDataset"] = "pay", ["taskType"] = taskType, ["backendType"] = backend, ["targetVariable"] = target };
        if (predictionType is not null) body["predictionType"] = predictionType;
        var error = await _node.RefusedAsync(status, HttpMethod.Post, "/dip/publicapi/projects/P/models/lab/", body.ToJsonString());
        error["detailedMessage"]!.GetValue<string>().ShouldContain(says);
    }

    [Fact]
    public async Task Create_OnATargetOfOneClass_Is422()
    {
        await _node.CreateDatasetAsync("oneclass", System.Text.Encoding.UTF8.GetBytes(
            "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row % 7},no\n"))));
        var error = await _node.RefusedAsync(
            422, HttpMethod.Post, "/dip/publicapi/projects/P/models/lab/", """{"inputDataset":"oneclass","taskType":"PREDICTION","targetVariable":"y"}""");
        error["message"]!.GetValue<string>().ShouldContain("one value only");
    }

    [Fact]
    public async Task Train_WhenTheDatasetBecameUnusable_FailsWithTheReasonAndCannotBeDeployed()
    {
        await _node.CreateDatasetAsync("turning", PaymentTable.Csv(200));
        var task = await _node.CreateTaskAsync("turning", "is_fraud");
        using (var upload = await _node.UploadAsync("P", "turning", "turning.csv", System.Text.Encoding.UTF8.GetBytes(
                   "payment_id,when,card,amount,kind,age,note,is_fraud\n" +
                   string.Concat(Enumerable.Range(0, 60).Select(row => $"p{row},2025-01-01 00:00:00,c1,{row},shop,30,n,0\n")))))
            upload.EnsureSuccessStatusCode();
        var model = (await _node.TrainAsync(task, "logistic_regression")).Single();
        var snippet = await _node.SnippetAsync(task, model);
        snippet["trainInfo"]!["state"]!.GetValue<string>().ShouldBe("FAILED");
        snippet["trainInfo"]!["failure"]!["message"]!.GetValue<string>().ShouldContain("is_fraud");
        var error = await _node.RefusedAsync(
            409, HttpMethod.Post, $"{task}/models/{model}/actions/deployToFlow", """{"trainDatasetRef":"turning","modelName":"x"}""");
        error["message"]!.GetValue<string>().ShouldContain("Failed");
    }

    [Fact]
    public async Task Train_SplitByTime_TestsOnTheLaterRows()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        var settings = await _node.GetAsync($"{task}/settings");
        settings["time"] = new JsonObject { ["enabled"] = true, ["timeVariable"] = "when", ["ascending"] = true };
        settings["preprocessing"]!["per_feature"]!["when"]!["missing_handling"] = "DROP_ROW";
        settings["splitParams"]!["ssdSplitMode"] = "SORTED";
        settings["splitParams"]!["ssdColumn"] = "when";
        settings["splitParams"]!["ssdTrainingRatio"] = 0.75;
        await _node.PostAsync($"{task}/settings", settings.ToJsonString());
        var model = (await _node.TrainAsync(task, "logistic_regression")).Single();
        var details = await _node.GetAsync($"{task}/models/{model}/details");
        ((int)details["splitDesc"]!["trainRows"]!).ShouldBe(600);
        details["mlDiagnostics"]!["diagnostics"]!.AsArray().ShouldNotContain(item => item!["message"]!.GetValue<string>().Contains("DROP_ROW"));
    }

    [Fact]
    public async Task Train_AnUnknownHandling_IsNotedWithTheModel()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        var settings = await _node.GetAsync($"{task}/settings");
        settings["preprocessing"]!["per_feature"]!["age"]!["missing_handling"] = "IMPUTE";
        await _node.PostAsync($"{task}/settings", settings.ToJsonString());
        var model = (await _node.TrainAsync(task, "logistic_regression")).Single();
        var details = await _node.GetAsync($"{task}/models/{model}/details");
        details["mlDiagnostics"]!["diagnostics"]!.AsArray().ShouldContain(item => item!["message"]!.GetValue<string>().Contains("'age'"));
    }

    [Fact]
    public async Task Train_WithNothingEnabled_Is400()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        var settings = await _node.GetAsync($"{task}/settings");
        foreach (var (_, value) in settings["modeling"]!.AsObject())
            if (value is JsonObject algorithm && algorithm.ContainsKey("enabled")) algorithm["enabled"] = false;
        await _node.PostAsync($"{task}/settings", settings.ToJsonString());
        var error = await _node.RefusedAsync(400, HttpMethod.Post, $"{task}/train", "{}");
        error["message"]!.GetValue<string>().ShouldContain("logistic_regression");
    }

    [Fact]
    public async Task Snippets_WithoutBody_AreThoseOfAllModels()
    {
        var snippets = await _node.GetAsync($"{trained.Task}/models-snippets");
        snippets.Select(entry => entry.Key).ShouldBe([trained.Linear, trained.Trees], ignoreOrder: true);
        await _node.RefusedAsync(404, HttpMethod.Get, $"{trained.Task}/models-snippets", """{"modelsIds":["A-P-x-y-s1-pp1-m1"]}""");
    }

    [Fact]
    public async Task Details_OfALinearAndATreeModel_CarryTheEvaluation()
    {
        foreach (var model in new[] { trained.Linear, trained.Trees })
        {
            var details = await _node.GetAsync($"{trained.Task}/models/{model}/details");
            details["evaluation"]!["evaluation"]!["binary"]!["rocAuc"]!.GetValue<double>().ShouldBeInRange(0.6, 1);
            details["evaluation"]!["importance"]!.AsArray().Count.ShouldBeGreaterThan(0);
            details["origin"]!["datasetDigest"]!.GetValue<string>().Length.ShouldBe(64);
            details["userMeta"]!["activeClassifierThreshold"]!.GetValue<double>().ShouldBeInRange(0, 1);
        }
    }

    [Fact]
    public async Task UserMeta_Saved_StandsInTheDetails()
    {
        await _node.PutAsync($"{trained.Task}/models/{trained.Linear}/user-meta", new JsonObject { ["name"] = "the good one", ["mine"] = 1 });
        var meta = (await _node.GetAsync($"{trained.Task}/models/{trained.Linear}/details"))["userMeta"]!;
        meta["name"]!.GetValue<string>().ShouldBe("the good one");
        meta["mine"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Guess_OfAnotherTarget_ReplacesTheSettings()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        await _node.JsonAsync(HttpMethod.Put, $"{task}/guess?targetVariable=age&fullReguess=True");
        var settings = await _node.GetAsync($"{task}/settings");
        settings["predictionType"]!.GetValue<string>().ShouldBe("REGRESSION");
        settings["preprocessing"]!["per_feature"]!["age"]!["role"]!.GetValue<string>().ShouldBe("TARGET");
        settings["modeling"]!["ridge_regression"]!["enabled"]!.GetValue<bool>().ShouldBeTrue();
        var model = (await _node.TrainAsync(task, "ridge_regression")).Single();
        (await _node.SnippetAsync(task, model))["rmse"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Steps_WithALookup_BringTheOtherDatasetsColumns()
    {
        await _node.CreateDatasetAsync("cards", PaymentTable.Cards());
        var analysis = (await _node.PostAsync("/dip/publicapi/projects/P/lab/", """{"inputDataset":"pay"}"""))["id"]!.GetValue<string>();
        var document = await _node.GetAsync($"/dip/publicapi/projects/P/lab/{analysis}/");
        document["script"]!["steps"] = JsonNode.Parse(
            """[{"type":"lookup","table":"cards","key":"card","columns":[{"source":"segment"},{"source":"limit"}]},{"type":"ratio","numerator":"amount","denominator":"limit","output":"share"}]""");
        await _node.PutAsync($"/dip/publicapi/projects/P/lab/{analysis}/", document);
        var task = (await _node.PostAsync(
            $"/dip/publicapi/projects/P/lab/{analysis}/models/", """{"taskType":"PREDICTION","targetVariable":"is_fraud","backendType":"PY_MEMORY","guessPolicy":"DEFAULT"}"""))["mlTaskId"]!.GetValue<string>();
        var path = $"/dip/publicapi/projects/P/models/lab/{analysis}/{task}";
        var features = (await _node.GetAsync($"{path}/settings"))["preprocessing"]!["per_feature"]!;
        features["share"]!["role"]!.GetValue<string>().ShouldBe("INPUT");
        features["segment"]!["type"]!.GetValue<string>().ShouldBe("CATEGORY");
        var model = (await _node.TrainAsync(path, "logistic_regression")).Single();
        (await _node.SnippetAsync(path, model))["trainInfo"]!["state"]!.GetValue<string>().ShouldBe("DONE");
        (await _node.GetAsync($"/dip/publicapi/projects/P/lab/{analysis}/models/"))["mlTasks"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"onMultiple":"Refuse"}""", null)]
    [InlineData("""{"onMultiple":"First"}""", "")]
    [InlineData("""{"onMultiple":"Ignore"}""", "the key of a lookup stands in several rows of its table")]
    [InlineData("""{"onMultiple":"First","onNoMatch":"Ignore"}""", "")]
    public async Task Steps_WithALookupOfRepeatedKeys_DoWhatTheyAreToldTo(string options, string? warning)
    {
        var table = "twice_" + string.Concat(options.Where(char.IsLetter));
        await _node.CreateDatasetAsync(table, [.. PaymentTable.Cards(), .. "c000,plain,1\nc001,plain,2\nc001,gold,3\n"u8]);
        var analysis = (await _node.PostAsync("/dip/publicapi/projects/P/lab/", """{"inputDataset":"pay"}"""))["id"]!.GetValue<string>();
        var document = await _node.GetAsync($"/dip/publicapi/projects/P/lab/{analysis}/");
        var step = JsonNode.Parse($$"""{"type":"lookup","table":"{{table}}","key":"card","columns":[{"source":"limit"}]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(options)!.AsObject()) step[name] = value!.DeepClone();
        document["script"]!["steps"] = new JsonArray(step);
        using var saved = await _node.SendAsync(HttpMethod.Put, $"/dip/publicapi/projects/P/lab/{analysis}/", document.ToJsonString());
        if (warning is null)
        {
            ((int)saved.StatusCode).ShouldBe(400);
            var why = await saved.Content.ReadAsStringAsync();
            why.ShouldContain("c000");
            why.ShouldContain("set the step's onMultiple to First");
            return;
        }

        saved.EnsureSuccessStatusCode();
        var task = (await _node.PostAsync(
            $"/dip/publicapi/projects/P/lab/{analysis}/models/", """{"taskType":"PREDICTION","targetVariable":"is_fraud","backendType":"PY_MEMORY","guessPolicy":"DEFAULT"}"""))["mlTaskId"]!.GetValue<string>();
        var path = $"/dip/publicapi/projects/P/models/lab/{analysis}/{task}";
        var model = (await _node.TrainAsync(path, "logistic_regression")).Single();
        var snippet = (await _node.SnippetAsync(path, model)).ToJsonString();
        snippet.ShouldContain("\"DONE\"");
        var details = (await _node.GetAsync($"{path}/models/{model}/details")).ToJsonString();
        if (warning.Length > 0) details.ShouldContain(warning);
        else details.ShouldNotContain("rows were left out");
    }

    [Theory]
    [InlineData("""[{"type":"nothing"}]""", "step 1")]
    [InlineData("""[{"type":"ratio","numerator":"amount","denominator":"nothing","output":"x"}]""", "nothing")]
    [InlineData("""[{"type":"lookup","table":"absent","key":"card","columns":[{"source":"a"}]}]""", "absent")]
    public async Task Steps_ThatDoNotFit_AreRefused(string steps, string says)
    {
        var analysis = (await _node.PostAsync("/dip/publicapi/projects/P/lab/", """{"inputDataset":"pay"}"""))["id"]!.GetValue<string>();
        var document = await _node.GetAsync($"/dip/publicapi/projects/P/lab/{analysis}/");
        document["script"]!["steps"] = JsonNode.Parse(steps);
        using var answer = await _node.SendAsync(HttpMethod.Put, $"/dip/publicapi/projects/P/lab/{analysis}/", document.ToJsonString());
        ((int)answer.StatusCode).ShouldBeInRange(400, 404);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(says);
        (await _node.GetAsync($"/dip/publicapi/projects/P/lab/{analysis}/"))["script"]!["steps"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_OfATask_AnswersJsonAndKeepsTheSavedModel()
    {
        var task = await _node.CreateTaskAsync("pay", "is_fraud");
        var model = (await _node.TrainAsync(task, "logistic_regression")).Single();
        var saved = await _node.DeployAsync(task, model, "pay");
        (await _node.JsonAsync(HttpMethod.Delete, $"{task}/")).ShouldBeOfType<JsonObject>();
        await _node.RefusedAsync(404, HttpMethod.Get, $"{task}/status");
        (await _node.ListAsync($"/dip/publicapi/projects/P/savedmodels/{saved}/versions")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Queues_AreAnEmptyObject() =>
        (await _node.GetAsync("/dip/publicapi/projects/P/models/labs/mltask-queues")).ToJsonString().ShouldBe("""{"queues":[]}""");
}
