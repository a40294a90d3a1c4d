using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Serving.OpenInference.Tensors;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>Models, statistics and the repository index as JSON of the protocol.</summary>
internal static class ModelJson
{
    public static JsonObject Metadata(ServedModel model, ModelSignature signature) => new()
    {
        ["name"] = signature.Name,
        ["versions"] = new JsonArray([.. model.Loaded.Select(generation => (JsonNode)generation.Id)]),
        ["platform"] = ModelSignature.Platform,
        ["inputs"] = new JsonArray([.. signature.ToldInputs.Select(input => Tensor(input.Name, ModelSignature.TypeOf(input.Kind), [-1]))]),
        ["outputs"] = new JsonArray([.. signature.Outputs.Select(output => Tensor(output.Name, output.Type, output.Shape(-1)))]),
        ["properties"] = Properties(signature),
    };

    public static IEnumerable<KeyValuePair<string, string>> PropertiesOf(ModelSignature signature)
    {
        var spec = signature.Spec;
        yield return new("prediction", spec.Prediction.ToString());
        if (!signature.IsQuiet && spec.Target.Length > 0) yield return new("target", spec.Target);
        if (spec.Algorithm is { } algorithm) yield return new("algorithm", algorithm);
        if (spec.Classes.Count > 0) yield return new("classes", new JsonArray([.. spec.Classes.Select(label => (JsonNode)label)]).ToJsonString());
        if (signature.Explanations is { } explanations) yield return new("explanations", Encoding.UTF8.GetString(explanations.Utf8Fields));
        foreach (var input in signature.ToldInputs) yield return new($"kind.{input.Name}", input.Kind.ToString());
    }

    public static JsonObject Statistics(ModelSignature model)
    {
        var counts = model.Statistics;
        return new JsonObject
        {
            ["name"] = model.Name,
            ["version"] = model.Version,
            ["last_inference"] = counts.Last,
            ["inference_count"] = counts.Rows,
            ["execution_count"] = counts.Successes,
            ["inference_stats"] = new JsonObject
            {
                ["success"] = Duration(counts.Successes, counts.SuccessTime),
                ["fail"] = Duration(counts.Failures, counts.FailureTime),
                ["queue"] = Duration(0, 0),
                ["compute_input"] = Duration(counts.Successes, counts.InputTime),
                ["compute_infer"] = Duration(counts.Successes, counts.InferTime),
                ["compute_output"] = Duration(counts.Successes, counts.OutputTime),
                ["cache_hit"] = Duration(0, 0),
                ["cache_miss"] = Duration(0, 0),
            },
            ["batch_stats"] = new JsonArray(),
            ["memory_usage"] = new JsonArray(),
        };
    }

    private static JsonObject Properties(ModelSignature signature)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in PropertiesOf(signature)) properties[name] = value;
        return properties;
    }

    private static JsonObject Tensor(string name, TensorType type, long[] shape) => new()
    {
        ["name"] = name, ["datatype"] = TensorTypes.NameOf(type), ["shape"] = new JsonArray([.. shape.Select(dimension => (JsonNode)dimension)]),
    };

    private static JsonObject Duration(long count, long nanoseconds) => new() { ["count"] = count, ["ns"] = nanoseconds };
}
