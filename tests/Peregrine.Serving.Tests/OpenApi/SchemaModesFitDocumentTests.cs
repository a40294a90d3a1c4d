using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Tests.OpenApi;

/// <summary>Real answers of endpoints by their settings against the document that the node serves: a record fits its schema when it is taken, and only then.</summary>
public sealed class SchemaModesFitDocumentTests
{
    private static readonly string[] s_records =
    [
        """{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}""",
        """{"amount":"12.5","country":"FR","online":true,"at":null}""",
        """{"amount":true,"country":"FR","online":true,"at":null}""",
        """{"amount":12.5,"country":7,"online":true,"at":null}""",
        """{"amount":12.5,"country":"","online":"","at":""}""",
        """{"amount":"NaN","country":null,"online":null,"at":1769860800}""",
        """{"amount":12.5,"country":"FR","online":1,"at":null}""",
        """{"amount":12.5,"country":"FR","online":"true","at":null}""",
        """{"amount":1000,"country":"FR","online":true,"at":null}""",
        """{"amount":-1,"country":"FR","online":true,"at":null}""",
        """{"amount":12.5,"country":"XX","online":true,"at":null}""",
        """{"amount":"x","country":"FR","online":true,"at":null}""",
        """{"amount":[1],"country":"FR","online":true,"at":null}""",
        """{"amount":12.5,"country":{"a":1},"online":true,"at":true}""",
        """{"amount":12.5,"country":"FR","online":true}""",
        """{"amount":12.5,"country":"FR","online":true,"at":null,"more":1}""",
    ];

    public static TheoryData<string, PredictionSettings, int> Settings => new()
    {
        { "default", new PredictionSettings(), 11 },
        { "strict", new PredictionSettings { ConvertedTypes = FeaturePolicy.Refuse, OutOfRange = FeaturePolicy.Refuse, UnseenCategories = FeaturePolicy.Refuse }, 3 },
        { "ranges", new PredictionSettings { OutOfRange = FeaturePolicy.Refuse }, 9 },
        { "categories, types by warning", new PredictionSettings { UnseenCategories = FeaturePolicy.Refuse, ConvertedTypes = FeaturePolicy.Refuse, WrongTypes = FeaturePolicy.Refuse }, 5 },
        { "warned", Each(FeaturePolicy.Warn), 16 },
        { "counted", Each(FeaturePolicy.Count), 16 },
        { "quiet", Each(FeaturePolicy.Warn) with { Quiet = true }, 16 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Record_IsTakenWhenItFits_AndTheAnswerFits(string name, PredictionSettings settings, int taken)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: TestPackage.WithReference(settings)).StartAsync();
        var document = (await node.GetAsync("public/api/v1/fraud/openapi.json")).ShouldSucceed().Json;
        var operation = document["paths"]!["/score/predict"]!["post"]!;
        var validator = new SchemaValidator(document);
        var succeeded = 0;
        foreach (var record in s_records)
        {
            var body = $$"""{"features":{{record}}}""";
            var answer = await node.PredictAsync(body);
            var faults = validator.Validate(operation["requestBody"]!["content"]!["application/json"]!["schema"], JsonNode.Parse(body.Replace(":NaN", ":null", StringComparison.Ordinal)));
            (faults.Count == 0).ShouldBe((int)answer.Status == 200, $"{name} {record}: {answer.Text} {string.Join("; ", faults)}");
            var response = operation["responses"]![$"{(int)answer.Status}"]!["content"]!.AsObject().Single().Value!["schema"]!.DeepClone();
            validator.Validate(response, answer.Json).ShouldBeEmpty(record);
            if ((int)answer.Status != 200) continue;
            succeeded++;
            AnswersFitDocumentTests.Undescribed(document, response, answer.Json).ShouldBeEmpty(record);
        }

        succeeded.ShouldBe(taken, name);
    }

    private static PredictionSettings Each(FeaturePolicy policy) => new()
    {
        UnknownFeatures = policy, MissingFeatures = policy, WrongTypes = policy, ConvertedTypes = policy, OutOfRange = policy, UnseenCategories = policy,
    };
}
