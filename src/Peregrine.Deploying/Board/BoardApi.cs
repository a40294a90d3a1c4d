using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;

namespace Peregrine.Deploying.Board;

internal static class BoardApi
{
    public static void MapBoard(this IEndpointRouteBuilder routes) => routes.MapGet("/board", GetAsync);

    private static async Task<IResult> GetAsync(BoardService board, CancellationToken cancellationToken) =>
        Answers.Json(await board.GetAsync(cancellationToken), DeployerJson.Default.DeployerBoard);
}
