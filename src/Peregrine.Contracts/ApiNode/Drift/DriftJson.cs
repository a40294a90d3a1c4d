using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode.Drift;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DriftAnswer))]
public sealed partial class DriftJson : JsonSerializerContext;
