using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Hosting.Authentication;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Tests.Drift;

namespace Peregrine.Serving.Tests;

/// <summary>A package of service <c>fraud</c> with endpoint <c>score</c>; a test says only what it is about.</summary>
internal sealed class TestPackage
{
    public const string Key = "pgn_test-key-of-the-fraud-service";

    public const string GoodFeatures = """{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}""";

    public string Version { get; init; } = "v1";

    public string Endpoint { get; init; } = "score";

    public ModelArtifact Model { get; init; } = TestModels.Binary();

    public PredictionSettings Settings { get; init; } = new();

    public ServiceAuthorization Authorization { get; init; } = ServiceAuthorization.Public;

    public DateTimeOffset CreatedOn { get; init; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public string Sample { get; init; } = GoodFeatures;

    /// <summary>Authorization by <see cref="Key"/>.</summary>
    public static ServiceAuthorization ByKey(string id = "key-1", string key = Key) => new()
    {
        Method = AuthorizationMethod.ApiKeys, Keys = [new ServiceApiKey { Id = id, Hash = ApiKeyHash.Of(key).ToString() }],
    };

    /// <summary>With a model that says what training saw: amounts up to 100, four countries.</summary>
    public static TestPackage WithReference(PredictionSettings settings)
    {
        var model = TestModels.Binary();
        return new TestPackage { Model = model with { Reference = TestReference.Of(model) }, Settings = settings };
    }

    public byte[] Write()
    {
        var content = new PackageContent
        {
            ServiceId = "fraud",
            VersionId = Version,
            CreatedOn = CreatedOn,
            Authorization = Authorization,
            Endpoints = [Source()],
        };
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(content, target);
        return target.ToArray();
    }

    /// <summary>An endpoint of the kind that answers by this model.</summary>
    private PredictionEndpointSource Source()
    {
        var golden = GoldenRecords.Answer(CompiledModel.Compile(Model), [Encoding.UTF8.GetBytes(Sample)]);
        JsonArray queries = [JsonNode.Parse($$"""{"q":{"features":{{Sample}} } }""")];
        return Model.Spec.Prediction == PredictionKind.Clustering
            ? new ClusteringEndpointSource { Id = Endpoint, Settings = Settings, Model = Model, Golden = golden, TestQueries = queries }
            : new PredictionEndpointSource { Id = Endpoint, Settings = Settings, Model = Model, Golden = golden, TestQueries = queries };
    }

    /// <summary>What this model answers for a record, as JSON text.</summary>
    public string Expected(string features)
    {
        var golden = GoldenRecords.Answer(CompiledModel.Compile(Model), [Encoding.UTF8.GetBytes(features)]);
        return Encoding.UTF8.GetString(golden[0].Expected.Span);
    }

    public static string DigestOf(byte[] package) => Digests.Of(package);
}
