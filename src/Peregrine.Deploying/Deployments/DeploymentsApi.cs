using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Futures;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Deployments;

internal static class DeploymentsApi
{
    public static void MapDeployments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/deployments");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{deploymentId}", GetLightStatusAsync);
        group.MapDelete("/{deploymentId}", DeleteAsync);
        group.MapGet("/{deploymentId}/status", GetHeavyStatusAsync);
        group.MapGet("/{deploymentId}/governance-status", GetGovernanceStatusAsync);
        group.MapGet("/{deploymentId}/settings", GetSettingsAsync);
        group.MapPut("/{deploymentId}/settings", SaveSettingsAsync);
        group.MapPost("/{deploymentId}/actions/update", StartUpdateAsync);
        group.MapPost("/{deploymentId}/actions/rollback", StartRollbackAsync);
        group.MapGet("/{deploymentId}/update", ListUpdatesAsync);
        group.MapGet("/{deploymentId}/last-update", GetLastUpdateAsync);
        group.MapGet("/{deploymentId}/update/{startTimestamp}", GetUpdateAsync);
    }

    private static async Task<IResult> ListAsync(DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Json(await deployments.ListAsync(cancellationToken), DeployerJson.Default.IReadOnlyListDeploymentLightStatus);

    private static async Task<IResult> CreateAsync(HttpContext context, DeploymentService deployments, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, DeployerJson.Default.CreateDeploymentRequest, cancellationToken);
        var ignoreWarnings = QueryValues.Boolean(context.Request, "ignoreWarnings");
        var status = await deployments.CreateAsync(body, ignoreWarnings, Answers.Requester(context), cancellationToken);
        return Answers.Json(status, DeployerJson.Default.DeploymentLightStatus);
    }

    private static async Task<IResult> GetLightStatusAsync(string deploymentId, DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Json(await deployments.GetLightStatusAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentLightStatus);

    private static async Task<IResult> GetHeavyStatusAsync(string deploymentId, DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Json(await deployments.GetHeavyStatusAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentHeavyStatus);

    private static async Task<IResult> GetGovernanceStatusAsync(
        string deploymentId, HttpRequest request, DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Json(
            await deployments.GetGovernanceStatusAsync(deploymentId, QueryValues.Text(request, "version"), cancellationToken), DeployerJson.Default.InfoMessages);

    private static async Task<IResult> GetSettingsAsync(
        string deploymentId, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Document(context, await deployments.GetSettingsAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentSettings);

    private static async Task<IResult> SaveSettingsAsync(
        string deploymentId, HttpRequest request, DeploymentService deployments, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadAsync(request, DeployerJson.Default.DeploymentSettings, cancellationToken);
        await deployments.SaveSettingsAsync(
            deploymentId, settings, QueryValues.Boolean(request, "ignoreWarnings"), Answers.BasedOn(request), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> DeleteAsync(
        string deploymentId, HttpRequest request, DeploymentService deployments, CancellationToken cancellationToken)
    {
        await deployments.DeleteAsync(deploymentId, QueryValues.Boolean(request, "ignorePreDeleteErrors"), cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> StartUpdateAsync(
        string deploymentId, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken) =>
        FutureAnswer.Of(await deployments.StartUpdateAsync(deploymentId, Answers.Requester(context), cancellationToken));

    private static async Task<IResult> StartRollbackAsync(
        string deploymentId, HttpContext context, DeploymentService deployments, CancellationToken cancellationToken) =>
        FutureAnswer.Of(await deployments.StartRollbackAsync(deploymentId, Answers.Requester(context), cancellationToken));

    private static async Task<IResult> ListUpdatesAsync(string deploymentId, DeploymentService deployments, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeploymentUpdateSummary> updates =
            [.. (await deployments.ListUpdatesAsync(deploymentId, cancellationToken)).Select(update => update.Summary())];
        return Answers.Json(updates, DeployerJson.Default.IReadOnlyListDeploymentUpdateSummary);
    }

    private static async Task<IResult> GetLastUpdateAsync(string deploymentId, DeploymentService deployments, CancellationToken cancellationToken) =>
        Answers.Json(await deployments.GetUpdateAsync(deploymentId, null, cancellationToken), DeployerJson.Default.DeploymentUpdate);

    private static async Task<IResult> GetUpdateAsync(
        string deploymentId, string startTimestamp, DeploymentService deployments, CancellationToken cancellationToken)
    {
        if (!long.TryParse(startTimestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp))
            throw ApiError.BadRequest($"'{startTimestamp}' is not the start of an update in milliseconds since 1970.").AsException();
        return Answers.Json(await deployments.GetUpdateAsync(deploymentId, timestamp, cancellationToken), DeployerJson.Default.DeploymentUpdate);
    }
}
