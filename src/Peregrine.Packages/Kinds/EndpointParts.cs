using System.Text.Json;

namespace Peregrine.Packages.Kinds;

/// <param name="Settings">An object.</param>
/// <param name="Entries">By name inside the folder of the endpoint.</param>
public sealed record EndpointParts(JsonElement Settings, IReadOnlyDictionary<string, byte[]> Entries);
