using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Futures;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FutureState))]
[JsonSerializable(typeof(IReadOnlyList<FutureState>))]
internal sealed partial class FutureJson : JsonSerializerContext;
