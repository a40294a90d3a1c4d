using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Deploying.Nodes;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewNodeService))]
[JsonSerializable(typeof(NodeErrorAnswer))]
internal sealed partial class NodeJson : JsonSerializerContext;
