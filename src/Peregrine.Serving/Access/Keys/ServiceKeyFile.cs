using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Access.Keys;

/// <summary><c>services/{id}/keys.json</c>: what this node decided about the keys of a service.</summary>
internal sealed record ServiceKeyFile : IServiceFile
{
    public const int CurrentFormat = 1;

    public static readonly ServiceKeyFile Empty = new() { FormatVersion = CurrentFormat };

    public required int FormatVersion { get; init; }

    public IReadOnlyList<StoredServiceKey> Keys { get => field ?? []; init; }

    public IReadOnlyList<ClosedPackageKey> ClosedPackageKeys { get => field ?? []; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceKeyFile))]
internal sealed partial class ServiceKeyJson : JsonSerializerContext;
