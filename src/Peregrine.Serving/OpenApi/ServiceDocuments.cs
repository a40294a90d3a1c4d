using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Peregrine.Packages.OpenApi;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenApi;

/// <summary>The OpenAPI document of each service, made once per snapshot, when somebody first asks.</summary>
internal sealed class ServiceDocuments(IOptions<ServingOptions> options)
{
    private readonly ConditionalWeakTable<ServiceSnapshot, Rendered> _documents = [];

    /// <summary>Of the generation with the first share.</summary>
    public Rendered Of(ServiceSnapshot service) => _documents.GetValue(service, Render);

    private Rendered Render(ServiceSnapshot service)
    {
        var generation = service.Targets[0];
        var document = OpenApiDocument.Build(
            generation.Manifest with { ServiceId = service.Id }, generation.All.Select(endpoint => endpoint.Packaged));
        AddLimits(document);
        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        return new Rendered(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }

    /// <summary>What this node takes at most.</summary>
    private void AddLimits(JsonObject document)
    {
        foreach (var (_, path) in document["paths"]!.AsObject())
        {
            if (path?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"]?["items"] is JsonObject items)
                items["maxItems"] = options.Value.MaxRecordsPerRequest;
        }
    }

    /// <param name="Utf8">The document.</param>
    /// <param name="ETag">With its quotes.</param>
    internal sealed record Rendered(byte[] Utf8, string ETag);
}
