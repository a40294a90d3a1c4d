using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Services;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed class ServiceView(Engines engines) : ViewModel<ServiceStatus>(engines)
{
    public string Service { get; set; } = "";

    public Task<Fault?> DeleteVersionAsync(string version, CancellationToken cancellationToken) => ActAsync(
        () => Engines.CallAsync<PublishedServiceCatalog>(catalog => catalog.DeleteVersionAsync(Service, version, cancellationToken)), cancellationToken);

    protected override Task<ServiceStatus> ReadAsync(CancellationToken cancellationToken) =>
        Engines.CallAsync<PublishedServiceCatalog, ServiceStatus>(catalog => catalog.GetStatusAsync(Service, cancellationToken));
}
