using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Stages;

internal static class StagesApi
{
    public static void MapStages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stages", ListAsync);
        routes.MapPut("/stages", ReplaceAsync);
    }

    private static async Task<IResult> ListAsync(StageService stages, CancellationToken cancellationToken) =>
        Answers.Json(await stages.ListAsync(cancellationToken), DeployerJson.Default.IReadOnlyListStage);

    private static async Task<IResult> ReplaceAsync(HttpRequest request, StageService stages, CancellationToken cancellationToken)
    {
        await stages.ReplaceAsync(await JsonBody.ReadAsync(request, DeployerJson.Default.IReadOnlyListStage, cancellationToken), cancellationToken);
        return Answers.Ok();
    }
}
