using Peregrine.Contracts.Deployer;

namespace Peregrine.Web.Tests.Deployer;

/// <summary>Deployments for tests: healthy ones of one version, unless said otherwise.</summary>
internal static class Cards
{
    public static BoardDeployment Card(string id, DeploymentHealth health = DeploymentHealth.Healthy, UpdateStatus? update = null, bool enabled = true) => new()
    {
        DeploymentBasicInfo = new DeploymentBasicInfo { Id = id, PublishedServiceId = "fraud", InfraId = "dev", Enabled = enabled },
        GenerationsMapping = GenerationsMapping.Single("v1"),
        Health = health,
        HealthMessages = health == DeploymentHealth.Healthy ? InfoMessages.None : new InfoMessages(
        [
            new InfoMessage { Severity = MessageSeverity.Warning, Code = "WARN", Title = "Differs", Message = "node 1 serves v0" },
            new InfoMessage { Severity = MessageSeverity.Error, Code = "ERR", Title = "Silent", Message = "node 2 does not answer" },
        ]),
        Nodes =
        [
            new NodeStatus { Url = "http://n1", Health = DeploymentHealth.Healthy, Reachable = true, Generations = [] },
            new NodeStatus { Url = "http://n2", Health = health, Reachable = health == DeploymentHealth.Healthy, Generations = [] },
        ],
        LastUpdate = update is { } status ? new DeploymentUpdateSummary { StartTimestamp = 1, Type = UpdateType.Update, Status = status, Requester = "ada" } : null,
    };

    public static DeployerBoard Board(params BoardDeployment[] deployments) =>
        new([new BoardStage { Id = "Development", Desc = "", Infras = [], Deployments = deployments }]);
}
