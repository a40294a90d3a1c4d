using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Drift;

namespace Peregrine.Models.Tests.Drift;

public sealed class TrainingReferenceTests
{
    [Fact]
    public void Artifact_WithReference_ReadsBackAndGivesTheSameBytes()
    {
        var artifact = new ModelBuilder().Build() with { Reference = Reference() };
        var copy = ModelArtifact.Read(new MemoryStream(artifact.ToBytes()));
        copy.ToBytes().ShouldBe(artifact.ToBytes());
        copy.Reference!.ComputeDigest().ShouldBe(artifact.Reference.ComputeDigest());
        copy.Reference.Inputs[0].Edges.ShouldBe([-1.5, 0.1, 3]);
        CompiledModel.Compile(copy).Reference.ShouldBe(copy.Reference);
    }

    [Fact]
    public void Artifact_WithoutReference_Loads()
    {
        var artifact = ModelArtifact.Read(new MemoryStream(new ModelBuilder().Build().ToBytes()));
        artifact.Reference.ShouldBeNull();
        CompiledModel.Compile(artifact).Reference.ShouldBeNull();
    }

    [Fact]
    public void Artifact_WithAReferenceOfANewerVersion_LoadsWithoutIt() =>
        ModelArtifact.Read(Change(json => json["version"] = 2)).Reference.ShouldBeNull();

    [Theory]
    [InlineData("edges", "[3,1]")]
    [InlineData("counts", "[1,2]")]
    [InlineData("counts", "[1,2,3,4,-1]")]
    [InlineData("importance", "-1")]
    [InlineData("kind", "\"Sound\"")]
    public void Artifact_WithADamagedReference_IsRefused(string member, string value) =>
        Should.Throw<ModelException>(() => ModelArtifact.Read(Change(json => json["inputs"]![0]![member] = JsonNode.Parse(value))))
            .Message.ShouldContain("training reference");

    [Fact]
    public void Compile_WithAReferenceOfAnotherModel_IsRefused()
    {
        var artifact = new ModelBuilder().Input("other").Build() with { Reference = Reference() };
        Should.Throw<ModelException>(() => CompiledModel.Compile(artifact)).Message.ShouldContain("other inputs");
    }

    private static MemoryStream Change(Action<JsonNode> change)
    {
        var file = new MemoryStream();
        file.Write((new ModelBuilder().Build() with { Reference = Reference() }).ToBytes());
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.GetEntry("reference.json")!;
            JsonNode json;
            using (var old = entry.Open()) json = JsonNode.Parse(old)!;
            change(json);
            entry.Delete();
            using var changed = zip.CreateEntry("reference.json").Open();
            changed.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
        }

        return file;
    }

    private static TrainingReference Reference() => new()
    {
        Inputs = [new FieldReference { Name = "x", Kind = ReferenceKind.Number, Importance = 1, Edges = [-1.5, 0.1, 3], Counts = [0, 5, 6, 0, 1] }],
        Predictions =
        [
            new FieldReference { Name = "probability", Kind = ReferenceKind.Number, Edges = [0, 1], Counts = [0, 12, 0, 0] },
            new FieldReference { Name = "class", Kind = ReferenceKind.Category, Values = ["0", "1"], OwnCells = 2, Counts = [7, 5, 0, 0, 0] },
        ],
    };
}
