using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Records;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>A small real package for tests of a node: service <c>fraud</c>, endpoint <c>score</c>, one number <c>amount</c>.</summary>
internal static class NodePackage
{
    /// <param name="authorization">Null: open to all.</param>
    public static byte[] Write(string version = "v1", ServiceAuthorization? authorization = null)
    {
        var model = new ModelArtifact
        {
            Spec = new ModelSpec
            {
                Prediction = PredictionKind.BinaryClassification,
                Target = "is_fraud",
                Classes = ["0", "1"],
                Inputs = [new("amount", FieldKind.Number)],
                Features = [new NumberFeature { Field = "amount", Impute = 1, Scale = 3 }],
                Predictor = new LinearPredictorSpec { Link = Link.Logistic, Weights = [[0.3]], Intercepts = [0.05] },
            },
        };
        var content = new PackageContent
        {
            ServiceId = "fraud",
            VersionId = version,
            CreatedOn = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Authorization = authorization ?? ServiceAuthorization.Public,
            Endpoints =
            [
                new PredictionEndpointSource
                {
                    Id = "score",
                    Model = model,
                    Golden = GoldenRecords.Answer(CompiledModel.Compile(model), [Encoding.UTF8.GetBytes("{\"amount\":12.5}")]),
                    TestQueries = [JsonNode.Parse("""{"q":{"features":{"amount":12.5}}}""")],
                },
            ],
        };
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(content, target);
        return target.ToArray();
    }
}
