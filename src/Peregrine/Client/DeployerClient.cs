using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Contracts.Deployer;
using Peregrine.Contracts.Deployer.Keys;

namespace Peregrine.Client;

/// <summary>The API Deployer.</summary>
public sealed class DeployerClient(HttpConnection connection, FuturesClient futures)
{
    private const string Deployer = $"{PeregrineClient.Base}/api-deployer";

    public Task<IReadOnlyList<InfraStatus>> ListInfrasAsync(CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployer}/infras", DeployerJson.Default.IReadOnlyListInfraStatus, cancellationToken);

    public Task CreateInfraAsync(string id, string stage, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, $"{Deployer}/infras",
            new JsonObject { ["id"] = id, ["stage"] = stage, ["type"] = InfraTypes.Static, ["governCheckPolicy"] = "NO_CHECK" }, cancellationToken);

    public Task<InfraSettings> GetInfraSettingsAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployer}/infras/{PeregrineClient.Id(id)}/settings", DeployerJson.Default.InfraSettings, cancellationToken);

    public Task SaveInfraSettingsAsync(InfraSettings settings, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Put, $"{Deployer}/infras/{PeregrineClient.Id(settings.Id)}/settings", JsonSerializer.SerializeToNode(settings, DeployerJson.Default.InfraSettings), cancellationToken);

    public Task<IReadOnlyList<ServiceStatus>> ListServicesAsync(CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployer}/services", DeployerJson.Default.IReadOnlyListServiceStatus, cancellationToken);

    public Task<IReadOnlyList<DeploymentLightStatus>> ListDeploymentsAsync(CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployer}/deployments", DeployerJson.Default.IReadOnlyListDeploymentLightStatus, cancellationToken);

    public Task CreateDeploymentAsync(string id, string service, string infra, string version, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, $"{Deployer}/deployments?ignoreWarnings=False",
            new JsonObject
            {
                ["deploymentId"] = id, ["publishedServiceId"] = service, ["infraId"] = infra, ["version"] = version,
                ["endpointId"] = null, ["authorizationsToQueryThroughDeployer"] = null,
            },
            cancellationToken);

    public Task<DeploymentSettings> GetDeploymentSettingsAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/settings", DeployerJson.Default.DeploymentSettings, cancellationToken);

    public Task SaveDeploymentSettingsAsync(DeploymentSettings settings, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Put, $"{Deployment(settings.Id)}/settings?ignoreWarnings=False",
            JsonSerializer.SerializeToNode(settings, DeployerJson.Default.DeploymentSettings), cancellationToken);

    /// <summary>Brings the nodes to what the settings want and waits for the end of that.</summary>
    public async Task<UpdateResult> UpdateAsync(string id, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var started = await connection.SendNodeAsync(HttpMethod.Post, $"{Deployment(id)}/actions/update", null, cancellationToken);
        var result = await futures.WaitAsync(started, progress, cancellationToken);
        return result.Deserialize(DeployerJson.Default.UpdateResult) ?? throw new ClientException("The update ended without a result.");
    }

    public Task<DeploymentLightStatus> LightStatusAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync(Deployment(id), DeployerJson.Default.DeploymentLightStatus, cancellationToken);

    public Task<DeploymentHeavyStatus> StatusAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/status", DeployerJson.Default.DeploymentHeavyStatus, cancellationToken);

    public Task<IReadOnlyList<DeploymentUpdateSummary>> ListUpdatesAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/update", DeployerJson.Default.IReadOnlyListDeploymentUpdateSummary, cancellationToken);

    /// <summary>Runs the test queries that the deployed version carries.</summary>
    public Task<QueryRunReport> RunTestQueriesAsync(string id, string? endpoint, CancellationToken cancellationToken) =>
        connection.SendAsync(
            HttpMethod.Post, $"{Deployment(id)}/actions/run-test-queries{(endpoint is null ? "" : $"?endpointIdParam={Uri.EscapeDataString(endpoint)}")}", null,
            DeployerJson.Default.QueryRunReport, cancellationToken);

    /// <summary>Rate limits with what they have counted on the nodes.</summary>
    public Task<DeploymentRateLimits> RateLimitsAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/rate-limits", DeployerJson.Default.DeploymentRateLimits, cancellationToken);

    /// <summary>Shadows compared with what callers got, over all nodes.</summary>
    public Task<DeploymentShadows> ShadowsAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/shadows", DeployerJson.Default.DeploymentShadows, cancellationToken);

    public Task<DeploymentKeys> ListKeysAsync(string id, CancellationToken cancellationToken) =>
        connection.GetAsync($"{Deployment(id)}/keys", DeployerJson.Default.DeploymentKeys, cancellationToken);

    /// <summary>The answer holds the key itself, told this once.</summary>
    public Task<KeyChange> AddKeyAsync(string id, NewKeyRequest request, CancellationToken cancellationToken) => connection.SendAsync(
        HttpMethod.Post, $"{Deployment(id)}/keys", JsonSerializer.SerializeToNode(request, DeployerJson.Default.NewKeyRequest), DeployerJson.Default.KeyChange, cancellationToken);

    /// <inheritdoc cref="AddKeyAsync"/>
    public Task<KeyChange> RotateKeyAsync(string id, string key, RotateKeyRequest request, CancellationToken cancellationToken) => connection.SendAsync(
        HttpMethod.Post, $"{Deployment(id)}/keys/{PeregrineClient.Id(key)}/actions/rotate", JsonSerializer.SerializeToNode(request, DeployerJson.Default.RotateKeyRequest),
        DeployerJson.Default.KeyChange, cancellationToken);

    public Task<KeyChange> RevokeKeyAsync(string id, string key, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Delete, $"{Deployment(id)}/keys/{PeregrineClient.Id(key)}", null, DeployerJson.Default.KeyChange, cancellationToken);

    private static string Deployment(string id) => $"{Deployer}/deployments/{PeregrineClient.Id(id)}";
}
