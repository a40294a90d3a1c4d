using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Errors;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ApiErrorBody))]
internal sealed partial class ErrorsJson : JsonSerializerContext;
