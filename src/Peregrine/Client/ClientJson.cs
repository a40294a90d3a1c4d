using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Client;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ProjectItem>))]
[JsonSerializable(typeof(IReadOnlyList<DatasetItem>))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(RowsAnswer))]
[JsonSerializable(typeof(MlTaskState))]
[JsonSerializable(typeof(IReadOnlyList<SavedModelItem>))]
[JsonSerializable(typeof(IReadOnlyList<SavedModelVersionItem>))]
[JsonSerializable(typeof(IReadOnlyList<ApiServiceItem>))]
[JsonSerializable(typeof(IReadOnlyList<PackageItem>))]
internal sealed partial class ClientJson : JsonSerializerContext;
