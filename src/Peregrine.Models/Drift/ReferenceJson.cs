using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Models.Drift;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TrainingReference.Stored))]
internal sealed partial class ReferenceJson : JsonSerializerContext;
