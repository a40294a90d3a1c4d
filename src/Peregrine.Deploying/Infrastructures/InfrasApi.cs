using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Infrastructures;

internal static class InfrasApi
{
    public static void MapInfras(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/infras");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapGet("/{infraId}", GetStatusAsync);
        group.MapDelete("/{infraId}", DeleteAsync);
        group.MapGet("/{infraId}/settings", GetSettingsAsync);
        group.MapPut("/{infraId}/settings", SaveSettingsAsync);
    }

    private static async Task<IResult> ListAsync(InfrastructureService infras, CancellationToken cancellationToken) =>
        Answers.Json(await infras.ListAsync(cancellationToken), DeployerJson.Default.IReadOnlyListInfraStatus);

    private static async Task<IResult> CreateAsync(HttpRequest request, InfrastructureService infras, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(request, DeployerJson.Default.CreateInfraRequest, cancellationToken);
        return Answers.Json(await infras.CreateAsync(body, cancellationToken), DeployerJson.Default.InfraStatus);
    }

    private static async Task<IResult> GetStatusAsync(string infraId, InfrastructureService infras, CancellationToken cancellationToken) =>
        Answers.Json(await infras.GetStatusAsync(infraId, cancellationToken), DeployerJson.Default.InfraStatus);

    private static async Task<IResult> DeleteAsync(string infraId, InfrastructureService infras, CancellationToken cancellationToken)
    {
        await infras.DeleteAsync(infraId, cancellationToken);
        return Answers.Ok();
    }

    private static async Task<IResult> GetSettingsAsync(
        string infraId, HttpContext context, InfrastructureService infras, CancellationToken cancellationToken) =>
        Answers.Document(context, await infras.GetSettingsAsync(infraId, cancellationToken), DeployerJson.Default.InfraSettings);

    private static async Task<IResult> SaveSettingsAsync(string infraId, HttpRequest request, InfrastructureService infras, CancellationToken cancellationToken)
    {
        var settings = await JsonBody.ReadAsync(request, DeployerJson.Default.InfraSettings, cancellationToken);
        await infras.SaveSettingsAsync(infraId, settings, Answers.BasedOn(request), cancellationToken);
        return Answers.Ok();
    }
}
