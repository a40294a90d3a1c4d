using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Serving.Generations;

/// <summary>How the node's own files are written and read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ServiceDocument))]
internal sealed partial class ServingJson : JsonSerializerContext;
