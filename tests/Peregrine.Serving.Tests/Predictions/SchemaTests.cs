using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Tests.Drift;

namespace Peregrine.Serving.Tests.Predictions;

/// <summary>Records that are not what the model was made from, by the settings of their endpoint.</summary>
public sealed class SchemaTests
{
    private const string Good = """{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}""";

    /// <summary>A record with one fault, the member of the settings that decides on it, and what the caller is told.</summary>
    public static TheoryData<string, string, string, string, string> Faults => new()
    {
        { "unknown", """{"amuont":1,"amount":12.5,"country":"FR","online":true,"at":null}""", "UnknownField", "amuont", "Did you mean 'amount'?" },
        { "unknown", """{"amount" : 12.5,"amuont" : 1,"country":"FR","online":true,"at":null}""", "UnknownField", "amuont", "'amuont' is not a feature" },
        { "missing", """{"amount":12.5,"country":"FR","at":null}""", "MissingField", "online", "is not in the record" },
        { "wrong", """{"amount":"twelve","country":"FR","online":true,"at":null}""", "WrongType", "amount", "stands \"twelve\"" },
        { "wrong", """{"amount":{"x":[1]},"country":"FR","online":true,"at":null}""", "WrongType", "amount", "stands an object" },
        { "wrong", """{"amount":1,"country":"FR","online":2,"at":null}""", "WrongType", "online", "must be true or false" },
        { "wrong", """{"amount":1,"country":"FR","online":true,"at":"yester\\day"}""", "WrongType", "at", "a date and time" },
        { "converted", """{"amount":"12.5","country":"FR","online":true,"at":null}""", "ConvertedType", "amount", "must be a JSON number" },
        { "converted", """{"amount":12.5,"country":7,"online":true,"at":null}""", "ConvertedType", "country", "must be a JSON string" },
        { "converted", """{"amount":12.5,"country":"FR","online":1,"at":null}""", "ConvertedType", "online", "must be true or false" },
        { "range", """{"amount":100.5,"country":"FR","online":true,"at":null}""", "OutOfRange", "amount", "is 100.5; training saw" },
        { "range", """{"amount":-1,"country":"FR","online":true,"at":null}""", "OutOfRange", "amount", "to 100." },
        { "category", """{"amount":12.5,"country":"GBB","online":true,"at":null}""", "UnseenCategory", "country", "Did you mean 'GB'?" },
        { "category", """{"amount":12.5,"country":"Atlantis","online":true,"at":null}""", "UnseenCategory", "country", "It saw 'FR', 'GB', 'DE', 'ES'." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Refused_Is400ThatSaysWhatWhereAndWhatIsAllowed(string kind, string features, string code, string feature, string words)
    {
        await using var node = await StartAsync(Only(kind, FeaturePolicy.Refuse));
        foreach (var path in new[] { "predict", "predict-multi" })
        {
            var body = path == "predict" ? $$"""{"features":{{features}}}""" : $$"""{"items":[{"features":{{Good}}},{"features":{{features}}}]}""";
            var answer = (await node.PredictAsync(body, $"fraud/score/{path}")).ShouldFail(HttpStatusCode.BadRequest, code);
            ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe($"{(path == "predict" ? "" : "/items/1")}/features/{feature}");
            answer.Detail.ShouldContain(words);
        }

        (await node.PredictFeaturesAsync(Good)).ShouldSucceed();
        var counts = await CountsAsync(node);
        counts[NameOf(kind)].ShouldBe(2);
        counts.Values.Sum().ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Warned_IsScoredAndTheResultSaysWhy(string kind, string features, string code, string feature, string words)
    {
        await using var node = await StartAsync(Only(kind, FeaturePolicy.Warn));
        var single = (await node.PredictFeaturesAsync(features)).ShouldSucceed().Json["result"]!;
        var many = (await node.PredictAsync($$"""{"items":[{"features":{{Good}}},{"features":{{features}}}]}""", "fraud/score/predict-multi")).ShouldSucceed().Json["results"]!;
        many[0]!["warnings"].ShouldBeNull();
        foreach (var result in new[] { single, many[1]! })
        {
            var warning = result["warnings"]!.AsArray().ShouldHaveSingleItem()!;
            ((string?)warning["code"]).ShouldBe(code);
            ((string?)warning["feature"]).ShouldBe(feature);
            ((string?)warning["message"])!.ShouldContain(words);
            result["moreWarnings"].ShouldBeNull();
        }

        single["prediction"]!.ToJsonString().ShouldBe(many[1]!["prediction"]!.ToJsonString());
        (await CountsAsync(node))[NameOf(kind)].ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task CountedOrIgnored_IsScoredWithoutAWord(string kind, string features, string code, string feature, string words)
    {
        _ = (code, feature, words);
        foreach (var policy in new[] { FeaturePolicy.Count, FeaturePolicy.Ignore })
        {
            await using var node = await StartAsync(Only(kind, policy));
            var answer = (await node.PredictFeaturesAsync(features)).ShouldSucceed();
            answer.Json["result"]!["warnings"].ShouldBeNull();
            (await CountsAsync(node))[NameOf(kind)].ShouldBe(policy == FeaturePolicy.Count ? 1 : 0);
        }
    }

    [Fact]
    public async Task WrongType_Taken_CountsAsAMissingValue()
    {
        await using var node = await StartAsync(Only("wrong", FeaturePolicy.Ignore));
        var wrong = (await node.PredictFeaturesAsync("""{"amount":"twelve","country":"FR","online":[1],"at":null}""")).ShouldSucceed();
        var missing = (await node.PredictFeaturesAsync("""{"amount":null,"country":"FR","online":null,"at":null}""")).ShouldSucceed();
        wrong.Result.ShouldBe(missing.Result);
    }

    [Fact]
    public async Task Columns_AreHeldToTheSameSettings()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Warn));
        var answer = await node.PredictAsync(
            """{"columns":{"amount":[12.5,"7",1000,"x"],"country":["FR","XX","GB","DE"],"colour":[1,2,3,4],"at":[null,null,null,null]}}""", "fraud/score/predict-multi");
        var results = answer.ShouldSucceed().Json["results"]!.AsArray();
        Codes(results[0]!).ShouldBe(["UnknownField", "MissingField"]);
        Codes(results[1]!).ShouldBe(["UnknownField", "MissingField", "ConvertedType", "UnseenCategory"]);
        Codes(results[2]!).ShouldBe(["UnknownField", "MissingField", "OutOfRange"]);
        Codes(results[3]!).ShouldBe(["UnknownField", "MissingField", "WrongType"]);
        ((string?)results[3]!["warnings"]![2]!["message"])!.ShouldContain("stands \"x\"");
        (await CountsAsync(node)).ShouldBe(new Dictionary<string, long>
        {
            ["unknown_feature"] = 4, ["missing_feature"] = 4, ["wrong_type"] = 1, ["converted_type"] = 1, ["out_of_range"] = 1, ["unseen_category"] = 1,
        });
    }

    [Fact]
    public async Task Columns_WithAValueThatIsRefused_NameTheRow()
    {
        await using var node = await StartAsync(Only("range", FeaturePolicy.Refuse));
        var body = """{"columns":{"amount":[12.5,1000],"country":["FR","GB"],"online":[true,true],"at":[null,null]}}""";
        var answer = (await node.PredictAsync(body, "fraud/score/predict-multi")).ShouldFail(HttpStatusCode.BadRequest, "OutOfRange");
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe("/columns/amount/1");
    }

    [Fact]
    public async Task PredictSimple_WhereAllIsText_ConvertsNothing()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Refuse) with { ConvertedTypes = FeaturePolicy.Refuse });
        (await node.GetAsync("public/api/v1/fraud/score/predict-simple?amount=12.5&country=FR&online=true&at=")).ShouldSucceed();
        (await node.GetAsync("public/api/v1/fraud/score/predict-simple?amount=1e5&country=FR&online=true&at=")).ShouldFail(HttpStatusCode.BadRequest, "OutOfRange");
        (await node.PredictFeaturesAsync("""{"amount":"12.5","country":"FR","online":true,"at":""}""")).ShouldFail(HttpStatusCode.BadRequest, "ConvertedType");
    }

    [Fact]
    public async Task Converted_TextThatStandsForAMissingValue_IsNone()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Ignore) with { ConvertedTypes = FeaturePolicy.Refuse });
        (await node.PredictFeaturesAsync("""{"amount":"","country":NaN,"online":"NaN","at":"2026-01-31"}""")).ShouldSucceed();
        (await node.PredictFeaturesAsync("""{"amount":null,"country":null,"online":false,"at":1769860800}""")).ShouldSucceed();
    }

    [Fact]
    public async Task Warnings_BeyondTheMost_AreTold()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Warn), mostWarnings: 3);
        var record = """{"features":{"a\u0022":1,"b":2,"amount":1,"country":"FR","online":true,"at":null}}""";
        var results = (await node.PredictAsync($$"""{"items":[{{record}},{{record}},{{record}}]}""", "fraud/score/predict-multi")).ShouldSucceed().Json["results"]!;
        Codes(results[0]!).Count.ShouldBe(2);
        Codes(results[1]!).Count.ShouldBe(1);
        ((int?)results[1]!["moreWarnings"]).ShouldBe(1);
        Codes(results[2]!).ShouldBeEmpty();
        ((int?)results[2]!["moreWarnings"]).ShouldBe(2);
    }

    [Fact]
    public async Task Warnings_OfOneRecord_AreBoundedThoughAllAreCounted()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Warn));
        var members = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"x{i}\":{i}"));
        var result = (await node.PredictFeaturesAsync($$"""{{{members}},"amount":1,"country":"FR","online":true,"at":null}""")).ShouldSucceed().Json["result"]!;
        Codes(result).Count.ShouldBe(32);
        ((int?)result["moreWarnings"]).ShouldBe(168);
        (await CountsAsync(node))["unknown_feature"].ShouldBe(200);
    }

    [Fact]
    public async Task Warnings_StandBesideExplanations()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Warn));
        var body = """{"features":{"amount":1000,"country":"FR","online":true,"at":null},"explanations":{"enabled":true}}""";
        var result = (await node.PredictAsync(body)).ShouldSucceed().Json["result"]!;
        Codes(result).ShouldBe(["OutOfRange"]);
        result["explanations"]!.AsObject().Count.ShouldBe(3);
    }

    [Fact]
    public async Task IgnoredRecord_HasItsWarningsToo()
    {
        var model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] });
        model = model with { Reference = TestReference.Of(model) };
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model, Settings = Lenient(FeaturePolicy.Warn) }).StartAsync();
        var result = (await node.PredictFeaturesAsync("""{"amount":"x","country":"FR","online":true,"at":null}""")).ShouldSucceed().Json["result"]!;
        ((bool?)result["ignored"]).ShouldBe(true);
        Codes(result).ShouldBe(["WrongType"]);
    }

    [Fact]
    public async Task Metrics_TellTheKinds()
    {
        await using var node = await StartAsync(Lenient(FeaturePolicy.Count));
        (await node.PredictFeaturesAsync("""{"amount":1000,"country":"FR","online":true,"at":null}""")).ShouldSucceed();
        var page = (await node.GetAsync("metrics")).Text;
        page.Split('\n').Single(line => line.StartsWith("peregrine_records_schema", StringComparison.Ordinal) && line.Contains("kind=\"out_of_range\"", StringComparison.Ordinal))
            .ShouldEndWith(" 1");
    }

    private static IReadOnlyList<string> Codes(JsonNode result) => [.. result["warnings"]!.AsArray().Select(warning => (string)warning!["code"]!)];

    private static async Task<Dictionary<string, long>> CountsAsync(TestNode node) =>
        (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Single(endpoint => (string?)endpoint!["generation"] == "v1")!["schema"]!.AsObject()
            .ToDictionary(member => member.Key, member => (long)member.Value!);

    private static string NameOf(string kind) => kind switch
    {
        "unknown" => "unknown_feature", "missing" => "missing_feature", "wrong" => "wrong_type", "converted" => "converted_type", "range" => "out_of_range", _ => "unseen_category",
    };

    /// <summary>One kind by a policy; all others are taken.</summary>
    private static PredictionSettings Only(string kind, FeaturePolicy policy)
    {
        FeaturePolicy Of(string one) => one == kind ? policy : FeaturePolicy.Ignore;
        return new PredictionSettings
        {
            UnknownFeatures = Of("unknown"), MissingFeatures = Of("missing"), WrongTypes = Of("wrong"), ConvertedTypes = Of("converted"), OutOfRange = Of("range"),
            UnseenCategories = Of("category"),
        };
    }

    private static PredictionSettings Lenient(FeaturePolicy policy) => new()
    {
        UnknownFeatures = policy, MissingFeatures = policy, WrongTypes = policy, ConvertedTypes = policy, OutOfRange = policy, UnseenCategories = policy,
    };

    private static Task<TestNode> StartAsync(PredictionSettings settings, int mostWarnings = 100) =>
        new ApiNodeBuilder().WithSetting("Serving:Schema:MostWarnings", $"{mostWarnings}").WithService(package: TestPackage.WithReference(settings)).StartAsync();
}
