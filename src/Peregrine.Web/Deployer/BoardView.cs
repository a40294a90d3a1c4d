using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Board;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed record BoardState(IReadOnlyList<BoardColumn> Columns)
{
    public int Deployments => Columns.Sum(column => column.Deployments.Count);

    public int Infrastructures => Columns.Sum(column => column.Infras.Count);

    public int WantAttention => Columns.Sum(column => column.Deployments.Count(BoardView.WantsAttention));
}

/// <summary>A stage with its cards, those that want attention first.</summary>
public sealed record BoardColumn(string Stage, string Description, IReadOnlyList<InfraBasicInfo> Infras, IReadOnlyList<BoardDeployment> Deployments);

public sealed class BoardView(Engines engines) : ViewModel<BoardState>(engines)
{
    public static bool WantsAttention(BoardDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return deployment.DeploymentBasicInfo.Enabled && deployment.Health >= DeploymentHealth.Warning;
    }

    /// <summary>Stages in their order; in each, the worst first, then what moves now, then by name.</summary>
    public static BoardState Arrange(DeployerBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        return new BoardState([.. board.Stages.Select(stage => new BoardColumn(stage.Id, stage.Desc, stage.Infras, [.. stage.Deployments
            .OrderByDescending(deployment => WantsAttention(deployment) ? (int)deployment.Health : 0)
            .ThenByDescending(deployment => deployment.LastUpdate?.Status == UpdateStatus.Running)
            .ThenBy(deployment => deployment.DeploymentBasicInfo.PublishedServiceId, StringComparer.Ordinal)
            .ThenBy(deployment => deployment.DeploymentBasicInfo.Id, StringComparer.Ordinal)]))]);
    }

    protected override async Task<BoardState> ReadAsync(CancellationToken cancellationToken) =>
        Arrange(await Engines.CallAsync<BoardService, DeployerBoard>(board => board.GetAsync(cancellationToken)));
}
