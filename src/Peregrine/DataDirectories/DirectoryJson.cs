using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.DataDirectories;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DirectoryLayout))]
[JsonSerializable(typeof(RunningInstance))]
internal sealed partial class DirectoryJson : JsonSerializerContext;
