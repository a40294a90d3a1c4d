using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Models.Preparation;

namespace Peregrine.Models;

/// <summary>The JSON form of models and preparation steps.</summary>
/// <remarks>Members with a default have a setter: a generated context gives an absent <c>init</c> member the type's default, not the member's.</remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelSpec))]
[JsonSerializable(typeof(PreparationStep))]
[JsonSerializable(typeof(IReadOnlyList<PreparationStep>))]
[JsonSerializable(typeof(List<PreparationStep>))]
public sealed partial class ModelJson : JsonSerializerContext;
