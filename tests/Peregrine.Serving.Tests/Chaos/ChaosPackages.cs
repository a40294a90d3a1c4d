using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>The generations that come and go, each with a model of its own, and the records that they are asked.</summary>
internal static class ChaosPackages
{
    public static readonly string[] Records =
    [
        """{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"}""",
        """{"amount":-3,"country":"GB","online":false,"at":"2026-06-30T23:59:59Z"}""",
        """{"amount":0.125,"country":"DE","online":true,"at":"2024-02-29T00:00:00Z"}""",
    ];

    private static readonly (string Name, string Type)[] s_tensors = [("amount", "FP64"), ("country", "BYTES"), ("online", "BOOL"), ("at", "BYTES")];

    private static readonly string[] s_names = ["g1", "g2", "g3", "g4", "g5"];

    private static readonly Dictionary<string, (byte[] Bytes, string[] Answers)> s_packages = s_names.Select((name, i) =>
    {
        var package = new TestPackage
        {
            Version = name, Model = TestModels.Binary(bias: 0.05 + (i * 0.37)), CreatedOn = new DateTimeOffset(2026, 1, 1 + i, 0, 0, 0, TimeSpan.Zero),
        };
        return (Name: name, Bytes: package.Write(), Answers: Records.Select(package.Expected).ToArray());
    }).ToDictionary(one => one.Name, one => (one.Bytes, one.Answers), StringComparer.Ordinal);

    /// <summary>The package of a service that takes keys, with a key of its own.</summary>
    public static readonly TestPackage Keyed = new() { Version = "g1", Authorization = TestPackage.ByKey() };

    public static IEnumerable<string> Names => s_names;

    public static string Draw(Random random) => s_names[random.Next(s_names.Length)];

    public static byte[] Bytes(string generation) => s_packages[generation].Bytes;

    /// <summary>The package with one bit changed.</summary>
    public static byte[] Spoilt(string generation)
    {
        var copy = Bytes(generation).ToArray();
        copy[copy.Length / 3] ^= 1;
        return copy;
    }

    /// <summary>The result object of a record, to the last digit.</summary>
    public static string Answer(string generation, int record) => s_packages[generation].Answers[record];

    /// <summary>The probabilities as they stand in the result.</summary>
    public static IEnumerable<string> Probabilities(string generation, int record) =>
        JsonNode.Parse(Answer(generation, record))!["probas"]!.AsObject().Select(one => one.Value!.ToJsonString());

    /// <summary>A record as a gRPC message.</summary>
    /// <param name="model">Such as <c>fraud.score</c>.</param>
    /// <param name="version">The generation; null: the mapping picks.</param>
    public static ModelInferRequest Message(string model, string? version, int record)
    {
        var features = JsonNode.Parse(Records[record])!;
        var message = new ModelInferRequest { ModelName = model, ModelVersion = version ?? "" };
        foreach (var (name, type) in s_tensors)
        {
            var contents = new InferTensorContents();
            if (type == "FP64") contents.Fp64Contents.Add((double)features[name]!);
            else if (type == "BOOL") contents.BoolContents.Add((bool)features[name]!);
            else contents.BytesContents.Add(ByteString.CopyFromUtf8((string)features[name]!));
            message.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = type, Shape = { 1 }, Contents = contents });
        }

        return message;
    }

    /// <summary>Version and probabilities of an answer, as JSON.</summary>
    public static string Told(ModelInferResponse answer)
    {
        var probas = answer.RawOutputContents[answer.Outputs.ToList().FindIndex(output => output.Name == "probas")].Memory;
        return new JsonObject
        {
            ["model_version"] = answer.ModelVersion,
            ["probas"] = new JsonArray([.. Enumerable.Range(0, probas.Length / 8).Select(i => (JsonNode)BinaryPrimitives.ReadDoubleLittleEndian(probas.Span[(i * 8)..]))]),
        }.ToJsonString();
    }

    /// <summary>A record as tensors of the Open Inference Protocol.</summary>
    public static string Tensors(int record)
    {
        var features = JsonNode.Parse(Records[record])!;
        return new JsonObject
        {
            ["inputs"] = new JsonArray([.. s_tensors.Select(input => (JsonNode)new JsonObject
            {
                ["name"] = input.Name, ["shape"] = new JsonArray(1), ["datatype"] = input.Type, ["data"] = new JsonArray(features[input.Name]!.DeepClone()),
            })]),
        }.ToJsonString();
    }
}
