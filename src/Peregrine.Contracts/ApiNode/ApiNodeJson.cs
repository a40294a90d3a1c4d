using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.ApiNode.Shadows;

namespace Peregrine.Contracts.ApiNode;

/// <summary>How the contracts of a node's admin API are written and read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeMapping))]
[JsonSerializable(typeof(NodeGenerations))]
[JsonSerializable(typeof(NodeService))]
[JsonSerializable(typeof(IReadOnlyList<NodeServiceSummary>))]
[JsonSerializable(typeof(NodeImport))]
[JsonSerializable(typeof(NodePackage))]
[JsonSerializable(typeof(NodeSwitch))]
[JsonSerializable(typeof(NodeSwitches))]
[JsonSerializable(typeof(PrepareSwitch))]
[JsonSerializable(typeof(RateLimitRules))]
[JsonSerializable(typeof(NodeRateLimits))]
[JsonSerializable(typeof(ShadowReport))]
[JsonSerializable(typeof(IReadOnlyList<NodeServiceKey>))]
[JsonSerializable(typeof(DeployedKey))]
[JsonSerializable(typeof(DeployedKeys))]
public sealed partial class ApiNodeJson : JsonSerializerContext;
