using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Packages.Manifests;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n", MaxDepth = 64,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ServicePackageManifest))]
[JsonSerializable(typeof(PredictionSettings))]
[JsonSerializable(typeof(LookupSettings))]
internal sealed partial class PackagesJson : JsonSerializerContext;
