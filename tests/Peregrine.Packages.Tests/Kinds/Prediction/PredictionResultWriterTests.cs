using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Kinds.Prediction;

public sealed class PredictionResultWriterTests
{
    [Fact]
    public void Binary_TellsTheClassAsText_ThePercentileAndBothProbabilities()
    {
        using var result = Write(Models.Binary(), """{"amount":12.5,"country":"GB"}""");

        var root = result.RootElement;
        root.EnumerateObject().Select(member => member.Name).ShouldBe(["prediction", "probaPercentile", "probas", "ignored"]);
        root.GetProperty("prediction").GetString().ShouldBe("1");
        root.GetProperty("probaPercentile").GetInt32().ShouldBeInRange(0, 100);
        root.GetProperty("ignored").GetBoolean().ShouldBeFalse();
        var probas = root.GetProperty("probas");
        (probas.GetProperty("0").GetDouble() + probas.GetProperty("1").GetDouble()).ShouldBe(1, 1e-15);
    }

    [Fact]
    public void Binary_WithoutPercentiles_LeavesTheMemberOut()
    {
        using var result = Write(Models.Binary(spec => spec with { Percentiles = null }), """{"amount":1,"country":"GB"}""");

        result.RootElement.TryGetProperty("probaPercentile", out _).ShouldBeFalse();
    }

    [Fact]
    public void Multiclass_EscapesLabels()
    {
        using var result = Write(Models.Multiclass(), """{"amount":100,"country":"GB"}""");

        result.RootElement.GetProperty("prediction").GetString().ShouldBe("lo\"w");
        result.RootElement.GetProperty("probas").EnumerateObject().Select(member => member.Name).ShouldBe(["lo\"w", "mïd", "high"]);
        result.RootElement.TryGetProperty("probaPercentile", out _).ShouldBeFalse();
    }

    [Fact]
    public void Regression_TellsANumber()
    {
        using var result = Write(Models.Regression(), """{"amount":3,"country":"x"}""");

        result.RootElement.GetProperty("prediction").GetDouble().ShouldBe(0.3, 1e-15);
        result.RootElement.TryGetProperty("probas", out _).ShouldBeFalse();
    }

    [Fact]
    public void Ignored_TellsTheReasonAndNoPrediction()
    {
        using var result = Write(Models.Binary(spec => spec with { DropIfMissing = ["amount"] }), """{"amount":null,"country":"x"}""");

        result.RootElement.GetRawText().ShouldBe("""{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}""");
    }

    [Fact]
    public void Number_OfAnyBits_ReadsBackToTheSameBits() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
        {
            var model = Models.Regression(spec => spec with
            {
                Predictor = new LinearPredictorSpec { Link = Link.Identity, Weights = [[0, 0, 0]], Intercepts = [value] },
            });
            using var result = Write(model, """{"amount":0,"country":"x"}""");
            // -0 cannot come out of a sum with 0, every other value comes out as it went in
            return BitConverter.DoubleToInt64Bits(result.RootElement.GetProperty("prediction").GetDouble())
                   == BitConverter.DoubleToInt64Bits(value == 0 ? 0.0 : value);
        }, iter: 300);

    [Fact]
    public void Write_AllocatesNothing()
    {
        var model = CompiledModel.Compile(Models.Multiclass());
        var results = PredictionResultWriter.For(model.Spec);
        var context = model.Rent();
        model.Score(context);
        var output = new ArrayBufferWriter<byte>(4096);
        for (var i = 0; i < 100; i++) WriteOnce();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) WriteOnce();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void WriteOnce()
        {
            output.ResetWrittenCount();
            results.Write(context, output);
        }
    }

    private static JsonDocument Write(ModelArtifact artifact, string features)
    {
        var model = CompiledModel.Compile(artifact);
        var context = model.Rent();
        var json = new JsonScanner(Encoding.UTF8.GetBytes(features));
        new RecordReader(model.Inputs, [], refuseUnknown: true, refuseMissing: true).Read(ref json, context.Record).IsNone.ShouldBeTrue();
        model.Score(context);
        var output = new ArrayBufferWriter<byte>();
        PredictionResultWriter.For(model.Spec).Write(context, output);
        return JsonDocument.Parse(output.WrittenMemory);
    }
}
