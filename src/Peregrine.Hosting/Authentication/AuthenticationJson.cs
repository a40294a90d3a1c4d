using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Authentication;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(AdminKeyFile))]
internal sealed partial class AuthenticationJson : JsonSerializerContext;
