using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Packages.OpenApi;

namespace Peregrine.Packages.Tests.OpenApi;

public sealed class OpenApiDocumentTests
{
    [Fact]
    public void Document_TypesTheFeaturesAfterTheModel()
    {
        var document = Build(new PackageBuilder());

        document["openapi"]!.GetValue<string>().ShouldBe("3.1.0");
        document["servers"]![0]!["url"]!.GetValue<string>().ShouldBe("https://node/public/api/v1/fraud");
        document["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/score/predict", "/score/predict-multi", "/score/predict-simple"]);
        var features = document["components"]!["schemas"]!["score.Features"]!;
        features["properties"]!["amount"]!["type"]!.ToJsonString().ShouldBe("""["number","string","boolean","null"]""");
        features["properties"]!["country"]!["type"]!.ToJsonString().ShouldBe("""["string","number","boolean","null"]""");
        features["properties"]!.AsObject().ContainsKey("is_fraud").ShouldBeTrue();
        features["required"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["amount", "country"]);
        features["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Document_FollowsTheSettingsOfTheEndpoint()
    {
        var settings = new PredictionSettings { UnknownFeatures = FeaturePolicy.Ignore, MissingFeatures = FeaturePolicy.Ignore };

        var features = Build(new PackageBuilder { Settings = settings })["components"]!["schemas"]!["score.Features"]!.AsObject();

        features.ContainsKey("required").ShouldBeFalse();
        features.ContainsKey("additionalProperties").ShouldBeFalse();
    }

    [Fact]
    public void Document_NamesTheKeyOnlyWhereOneIsNeeded()
    {
        Build(new PackageBuilder()).ContainsKey("security").ShouldBeFalse();

        var keyed = Build(new PackageBuilder { Authorization = new ServiceAuthorization { Method = AuthorizationMethod.ApiKeys } });
        keyed["components"]!["securitySchemes"]!.AsObject().Count.ShouldBe(2);
    }

    [Fact]
    public void Document_EveryReference_LeadsToASchema()
    {
        var document = Build(new PackageBuilder { Model = Models.Multiclass() });
        var schemas = document["components"]!["schemas"]!.AsObject();

        var references = Descendants(document).OfType<JsonObject>().Where(node => node.ContainsKey("$ref"))
            .Select(node => node["$ref"]!.GetValue<string>()["#/components/schemas/".Length..]).Distinct().ToList();

        references.Count.ShouldBeGreaterThan(2);
        references.ShouldAllBe(name => schemas.ContainsKey(name));
    }

    [Fact]
    public void Document_TakesItsExampleFromTheTestQueries()
    {
        var media = Build(new PackageBuilder())["paths"]!["/score/predict"]!["post"]!["requestBody"]!["content"]!["application/json"]!;

        media["examples"]!.AsObject().First().Value!["value"]!.ToJsonString().ShouldBe("""{"features":{"amount":1,"country":"FR"}}""");
    }

    private static JsonObject Build(PackageBuilder builder)
    {
        using var reader = PackageBuilder.Open(builder.Write());
        var endpoint = EndpointKinds.All.Get("STD_PREDICTION", "score").Load(reader.Manifest.Endpoints[0], reader);
        return OpenApiDocument.Build(reader.Manifest, [endpoint], "https://node");
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject members => members.Where(member => member.Value is not null).SelectMany(member => Descendants(member.Value!)).Prepend(node),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => Descendants(item!)).Prepend(node),
        _ => [node],
    };
}
