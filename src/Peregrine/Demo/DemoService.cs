using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.DataDirectories;

namespace Peregrine.Demo;

/// <summary>The API service around the model, packaged and pushed to the Deployer.</summary>
internal sealed class DemoService(PeregrineClient client, Narrator narrator, string keyPath)
{
    /// <returns>The published version.</returns>
    public async Task<string> PublishAsync(string model, CancellationToken cancellationToken)
    {
        narrator.Step("An API service around it");
        if ((await client.ApiServices.ListAsync(DemoFraud.Project, cancellationToken)).All(service => service.Id != DemoFraud.Service))
            await client.ApiServices.CreateAsync(DemoFraud.Project, DemoFraud.Service, cancellationToken);
        await client.ServiceAccess.ChangeAsync(DemoFraud.Project, DemoFraud.Service, new JsonObject { ["authMethod"] = "API_KEYS" }, cancellationToken);
        await client.ApiServices.SetModelEndpointAsync(DemoFraud.Project, DemoFraud.Service, DemoFraud.Endpoint, "STD_PREDICTION", model, cancellationToken);
        await client.ApiServices.GenerateTestQueriesAsync(DemoFraud.Project, DemoFraud.Service, DemoFraud.Endpoint, rows: 6, cancellationToken);
        var key = await client.ServiceAccess.AddKeyAsync(DemoFraud.Project, DemoFraud.Service, "demo", expiry: null, endpoints: [], cancellationToken);
        narrator.Done($"service {DemoFraud.Service} with endpoint {DemoFraud.Endpoint}, asked with an API key");

        var version = NextVersion(await client.ApiServices.ListPackagesAsync(DemoFraud.Project, DemoFraud.Service, cancellationToken));
        await client.ApiServices.CreatePackageAsync(DemoFraud.Project, DemoFraud.Service, version, "Made by the demo", cancellationToken);
        await client.ApiServices.PublishAsync(DemoFraud.Project, DemoFraud.Service, version, publishedService: null, cancellationToken);
        await SecretFile.WriteAsync(keyPath, key["secret"]?.GetValue<string>() ?? throw new ClientException("The server made a key and did not tell it."), cancellationToken);
        narrator.Done($"version {version} packaged with its golden records, and pushed to the Deployer");
        return version;
    }

    /// <summary>Versions are immutable: what a stopped run has packaged stays, and the next number is taken.</summary>
    private static string NextVersion(IReadOnlyList<PackageItem> packages)
    {
        var number = 1;
        while (packages.Any(package => package.Id == $"v{number}")) number++;
        return $"v{number}";
    }
}
