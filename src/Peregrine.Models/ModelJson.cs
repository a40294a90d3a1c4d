using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Models.Preparation;

namespace Peregrine.Models;

/// <summary>The JSON form of models and preparation steps.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, AllowOutOfOrderMetadataProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelSpec))]
[JsonSerializable(typeof(PreparationStep))]
[JsonSerializable(typeof(IReadOnlyList<PreparationStep>))]
[JsonSerializable(typeof(List<PreparationStep>))]
public sealed partial class ModelJson : JsonSerializerContext;
