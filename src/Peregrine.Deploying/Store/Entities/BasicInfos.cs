using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Store.Entities;

/// <summary>Rows as the summaries of the wire.</summary>
internal static class BasicInfos
{
    public static InfraBasicInfo BasicInfo(this InfraEntity infra) => new()
    {
        Id = infra.Id, Stage = infra.StageId, Type = infra.Settings.Type, GovernCheckPolicy = infra.Settings.GovernCheckPolicy,
    };

    public static DeploymentBasicInfo BasicInfo(this DeploymentEntity deployment) => new()
    {
        Id = deployment.Id,
        PublishedServiceId = deployment.ServiceId,
        InfraId = deployment.InfraId,
        Enabled = deployment.Settings.Enabled,
        DeployedServiceId = deployment.Settings.DeployedServiceId,
        Generations = [.. deployment.Settings.GenerationsMapping.Shares.Select(share => share.Generation)],
    };

    public static ServiceBasicInfo BasicInfo(this ServiceEntity service) => new()
    {
        Id = service.Id, CreatedOn = service.CreatedOn, CreatedBy = service.CreatedBy,
    };
}
