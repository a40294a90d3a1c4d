using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.OpenApi;

/// <summary>The OpenAPI 3.1 document of a service, typed from the inputs of its models.</summary>
public static class OpenApiDocument
{
    /// <param name="serverUrl">Base address of the node as callers see it, without the path; empty for the same host.</param>
    public static JsonObject Build(ServicePackageManifest manifest, IEnumerable<IPackagedEndpoint> endpoints, string serverUrl = "")
    {
        var paths = new JsonObject();
        var schemas = new JsonObject { ["Error"] = ErrorResponses.Schema() };
        foreach (var endpoint in endpoints.OrderBy(endpoint => endpoint.Id, StringComparer.Ordinal))
        {
            var description = endpoint.Describe();
            foreach (var (suffix, item) in description.Paths) paths[$"/{endpoint.Id}{suffix}"] = item!.DeepClone();
            foreach (var (name, schema) in description.Schemas) schemas[name] = schema!.DeepClone();
        }

        var components = new JsonObject { ["schemas"] = schemas };
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema",
            ["info"] = Info(manifest),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = $"{serverUrl}/public/api/v1/{manifest.ServiceId}" }),
            ["paths"] = paths,
            ["components"] = components,
        };
        if (manifest.Authorization.Method != AuthorizationMethod.Public) AddSecurity(document, components, manifest.Authorization.Method);
        return document;
    }

    private static JsonObject Info(ServicePackageManifest manifest)
    {
        var info = new JsonObject { ["title"] = manifest.ServiceId, ["version"] = manifest.VersionId };
        if (manifest.ReleaseNotes is { Length: > 0 } notes) info["description"] = notes;
        return info;
    }

    private static void AddSecurity(JsonObject document, JsonObject components, AuthorizationMethod method)
    {
        if (method == AuthorizationMethod.OAuth2)
        {
            components["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } };
            document["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() });
            return;
        }

        components["securitySchemes"] = new JsonObject
        {
            ["keyAsUserName"] = new JsonObject
            {
                ["type"] = "http", ["scheme"] = "basic", ["description"] = "The key as user name, an empty password.",
            },
            ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
        };
        document["security"] = new JsonArray(
            new JsonObject { ["keyAsUserName"] = new JsonArray() }, new JsonObject { ["bearer"] = new JsonArray() });
    }
}
