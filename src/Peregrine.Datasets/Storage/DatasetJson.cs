using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Datasets.Storage;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredDataset))]
internal sealed partial class DatasetJson : JsonSerializerContext;
