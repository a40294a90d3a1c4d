using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Tests;

/// <summary>A valid package of service <c>fraud</c> with endpoint <c>score</c>; a test says only what it is about.</summary>
internal sealed class PackageBuilder
{
    public ModelArtifact Model { get; set; } = Models.Binary();

    public IEnumerable<string> GoldenInputs { get; set; } = Models.Inputs;

    public IReadOnlyList<GoldenRecord>? Golden { get; set; }

    public string EndpointId { get; set; } = "score";

    public string VersionId { get; set; } = "v1";

    public PredictionSettings Settings { get; set; } = new();

    public ServiceAuthorization Authorization { get; set; } = ServiceAuthorization.Public;

    public PackageContent Content() => new()
    {
        ServiceId = "fraud",
        VersionId = VersionId,
        CreatedOn = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
        ReleaseNotes = "first",
        Authorization = Authorization,
        Endpoints =
        [
            new PredictionEndpointSource
            {
                Id = EndpointId,
                Settings = Settings,
                Model = Model,
                Golden = Golden ?? GoldenRecords.Answer(CompiledModel.Compile(Model), Models.Utf8(GoldenInputs)),
                TestQueries = new JsonArray(JsonNode.Parse("""{"q":{"features":{"amount":1,"country":"FR"}}}""")),
            },
        ],
    };

    public byte[] Write() => Write(out _);

    public byte[] Write(out WrittenPackage written)
    {
        using var target = new MemoryStream();
        written = new PackageWriter(EndpointKinds.All).Write(Content(), target);
        return target.ToArray();
    }

    public static PackageReader Open(byte[] archive, PackageLimits? limits = null) =>
        PackageReader.Open(new MemoryStream(archive, writable: false), limits);
}
