using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Services;
using Peregrine.Web.Live;
using Peregrine.Web.Shell;

namespace Peregrine.Web.Deployer;

/// <summary>Published services and deployments, for the command palette.</summary>
public sealed class DeployerPlaces(Engines engines) : IPaletteSource
{
    public async Task<IReadOnlyList<PaletteEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var services = await engines.CallAsync<PublishedServiceCatalog, IReadOnlyList<ServiceStatus>>(catalog => catalog.ListAsync(cancellationToken));
        var deployments = await engines.CallAsync<DeploymentService, IReadOnlyList<DeploymentLightStatus>>(service => service.ListAsync(cancellationToken));
        return
        [
            .. deployments.Select(d => new PaletteEntry("deployment", d.DeploymentBasicInfo.Id, $"/deployer/deployments/{d.DeploymentBasicInfo.Id}", "rocket", d.InfraBasicInfo.Stage)),
            .. services.Select(s => new PaletteEntry("published service", s.ServiceBasicInfo.Id, $"/deployer/services/{s.ServiceBasicInfo.Id}", "webhook", "Deployer")),
        ];
    }
}
