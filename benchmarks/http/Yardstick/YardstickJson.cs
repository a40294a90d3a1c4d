using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Benchmarks.Yardstick;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(PredictAnswer))]
internal sealed partial class YardstickJson : JsonSerializerContext;
