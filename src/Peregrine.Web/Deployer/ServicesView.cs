using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Services;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed record ServicesState(IReadOnlyList<ServiceStatus> Services);

public sealed class ServicesView(Engines engines) : ViewModel<ServicesState>(engines)
{
    protected override async Task<ServicesState> ReadAsync(CancellationToken cancellationToken) =>
        new(await Engines.CallAsync<PublishedServiceCatalog, IReadOnlyList<ServiceStatus>>(catalog => catalog.ListAsync(cancellationToken)));
}
