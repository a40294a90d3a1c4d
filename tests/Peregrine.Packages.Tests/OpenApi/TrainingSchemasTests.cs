using System.Text.Json.Nodes;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Drift;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.OpenApi;

namespace Peregrine.Packages.Tests.OpenApi;

public sealed class TrainingSchemasTests
{
    [Fact]
    public void Document_OfAModelWithAReference_TellsWhatTrainingSaw()
    {
        var schemas = Features(new PackageBuilder { Model = WithReference() });

        schemas["amount"]!["x-peregrine-kind"]!.GetValue<string>().ShouldBe("number");
        schemas["amount"]!["x-peregrine-training"]!.ToJsonString().ShouldBe("""{"minimum":0.5,"maximum":100,"missing":0.25}""");
        schemas["country"]!["x-peregrine-training"]!.ToJsonString().ShouldBe("""{"distinct":3,"values":["FR","GB","DE"],"missing":0}""");
        schemas["country"]!.AsObject().ContainsKey("enum").ShouldBeFalse();
    }

    [Fact]
    public void Document_ManyCategories_ListsTheMostFrequent()
    {
        string[] values = [.. Enumerable.Range(0, 200).Select(i => $"v{i}")];
        var schemas = Features(new PackageBuilder { Model = WithReference(values) });

        schemas["country"]!["x-peregrine-training"]!["distinct"]!.GetValue<int>().ShouldBe(200);
        schemas["country"]!["x-peregrine-training"]!["values"]!.AsArray().Count.ShouldBe(50);
    }

    [Theory]
    [InlineData("country")]
    [InlineData("coun*")]
    [InlineData("*")]
    public void Document_OfAColumnThatTheLogHides_TellsNothingOfItsValues(string rule)
    {
        var settings = new PredictionSettings { LogColumns = [new LogColumnRule { Column = rule, Action = LogAction.Hash }] };
        var schemas = Features(new PackageBuilder { Model = WithReference(), Settings = settings });

        schemas["country"]!.AsObject().ContainsKey("x-peregrine-training").ShouldBeFalse();
        schemas["amount"]!.AsObject().ContainsKey("x-peregrine-training").ShouldBe(rule != "*");
    }

    [Fact]
    public void Document_OfAModelWithoutAReference_TellsKindsOnly()
    {
        var schemas = Features(new PackageBuilder());

        schemas["amount"]!.AsObject().ContainsKey("x-peregrine-training").ShouldBeFalse();
        schemas["country"]!["x-peregrine-kind"]!.GetValue<string>().ShouldBe("text");
    }

    [Fact]
    public void Document_Parameters_SayTheSameAndExplainThemselves()
    {
        var parameters = Build(new PackageBuilder { Model = WithReference() })["paths"]!["/score/predict-simple"]!["get"]!["parameters"]!.AsArray();

        parameters[0]!["schema"]!["x-peregrine-training"]!["maximum"]!.GetValue<double>().ShouldBe(100);
        foreach (var parameter in parameters.Skip(2)) parameter!["schema"]!["description"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    private static JsonNode Features(PackageBuilder builder) => Build(builder)["components"]!["schemas"]!["score.Features"]!["properties"]!;

    private static JsonObject Build(PackageBuilder builder)
    {
        using var reader = PackageBuilder.Open(builder.Write());
        var endpoint = EndpointKinds.All.Get("STD_PREDICTION", "score").Load(reader.Manifest.Endpoints[0], reader);
        return OpenApiDocument.Build(reader.Manifest, [endpoint], "https://node");
    }

    /// <summary>Amounts from 0.5 to 100, a quarter missing; countries as given, never missing.</summary>
    private static ModelArtifact WithReference(params string[] countries)
    {
        if (countries.Length == 0) countries = ["FR", "GB", "DE"];
        var reference = new TrainingReference
        {
            Inputs =
            [
                new FieldReference { Name = "amount", Kind = ReferenceKind.Number, Edges = [Math.BitDecrement(0.5), 10, 100], Counts = [0, 20, 10, 0, 10] },
                new FieldReference { Name = "country", Kind = ReferenceKind.Category, Values = countries, OwnCells = 2, Counts = [20, 15, 5, 0, 0] },
            ],
            Predictions =
            [
                new FieldReference { Name = "probability", Kind = ReferenceKind.Number, Edges = [0, 1], Counts = [0, 40, 0, 0] },
                new FieldReference { Name = "class", Kind = ReferenceKind.Category, Values = ["0", "1"], OwnCells = 2, Counts = [30, 10, 0, 0, 0] },
            ],
        };
        return Models.Binary() with { Reference = reference };
    }
}
