using CsCheck;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Preparation;
using Peregrine.Models.Tests.Predictors;
using Peregrine.Models.Tests.Preparation;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Artifacts;

public sealed class ModelArtifactTests
{
    [Fact]
    public void WriteAndRead_FullModel_ScoresTheSameBits()
    {
        var artifact = Full();
        var copy = ModelArtifact.Read(new MemoryStream(artifact.ToBytes()));
        var (before, after) = (CompiledModel.Compile(artifact), CompiledModel.Compile(copy));
        foreach (var json in new[] { """{"card":"042","amount":3.25}""", """{"card":"x"}""", "{}" })
            ModelBuilder.Score(after, json).Probabilities.ToArray().ShouldBe(ModelBuilder.Score(before, json).Probabilities.ToArray());
    }

    [Fact]
    public void Write_EqualModels_GiveEqualBytes() => Full().ToBytes().ShouldBe(Full().ToBytes());

    [Fact]
    public void Read_NewerFormat_SaysSo()
    {
        var newer = new ModelBuilder().Build(spec => spec with { FormatVersion = ModelSpec.CurrentFormatVersion + 1 }).ToBytes();
        Should.Throw<ModelException>(() => ModelArtifact.Read(new MemoryStream(newer))).Message.ShouldContain("newer Peregrine");
    }

    [Fact]
    public void Read_TruncatedOrFlippedBytes_NeverThrowsAnythingElse()
    {
        var good = Full().ToBytes();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cut) =>
        {
            var bad = cut ? good[..at] : [.. good[..at], value, .. good[(at + 1)..]];
            try
            {
                CompiledModel.Compile(ModelArtifact.Read(new MemoryStream(bad)));
            }
            catch (ModelException)
            {
                // The one refusal there is.
            }
        }, iter: 3_000);
    }

    [Fact]
    public void Validate_CircleOrStrayLink_IsRefused()
    {
        var trees = RandomTrees.Make(new Random(1), trees: 2, width: 2, leaves: 4);
        trees.Left[2] = 0;
        Should.Throw<ModelException>(trees.Validate);
        trees.Left[2] = 99;
        Should.Throw<ModelException>(trees.Validate);
    }

    private static ModelArtifact Full() => new ModelBuilder()
        .Input("card", FieldKind.Text).Input("amount")
        .Lookup("cards", PreparationProgramTests.Cards())
        .Step(new LookupStep { Table = "cards", Key = "card", Columns = [new("limit"), new("city")] })
        .Step(new RatioStep { Numerator = "amount", Denominator = "limit", Output = "share" })
        .Feature(new NumberFeature { Field = "amount" }).Feature(new NumberFeature { Field = "share" })
        .Feature(new CategoryFeature { Field = "city", Values = ["Zürich"], MissingHasCode = true })
        .Trees(RandomTrees.Make(new Random(5), trees: 11, width: 3, leaves: 12), Link.Logistic).Build();
}
