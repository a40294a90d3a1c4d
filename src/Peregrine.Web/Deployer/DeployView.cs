using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Services;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer;

public sealed record DeployChoices(IReadOnlyList<ServiceStatus> Services, IReadOnlyList<InfraStatus> Infras);

/// <summary>What to deploy where: the form behind every Deploy button.</summary>
public sealed class DeployView(Engines engines) : ViewModel<DeployChoices>(engines)
{
    private string? _ownId;

    public string Service { get; private set; } = "";
    public string Version { get; set; } = "";
    public string Infra { get; set; } = "";

    /// <summary>Proposed from service and infrastructure until somebody writes another.</summary>
    public string Id
    {
        get => _ownId ?? (Service.Length == 0 || Infra.Length == 0 ? "" : $"{Service}-on-{Infra}");
        set => _ownId = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public IReadOnlyList<PublishedVersion> Versions => State?.Services.FirstOrDefault(service => service.ServiceBasicInfo.Id == Service)?.Packages ?? [];

    public bool IsComplete => Service.Length > 0 && Version.Length > 0 && Infra.Length > 0;

    public async Task OpenAsync(string? service, string? version, string? infra, CancellationToken cancellationToken)
    {
        _ownId = null;
        await LoadAsync(cancellationToken);
        Choose(service ?? State?.Services.Where(other => other.Packages.Count > 0).Select(other => other.ServiceBasicInfo.Id).FirstOrDefault() ?? "");
        if (version is not null) Version = version;
        Infra = infra ?? State?.Infras.Select(other => other.InfraBasicInfo.Id).FirstOrDefault() ?? "";
    }

    /// <summary>Its newest version comes with it.</summary>
    public void Choose(string service)
    {
        Service = service;
        Version = Versions is [var newest, ..] ? newest.Id : "";
    }

    /// <summary>Creates the deployment and starts bringing it to its nodes. Null when that has begun.</summary>
    public Task<Fault?> DeployAsync(string actor, CancellationToken cancellationToken) => Engines.GuardAsync(async () =>
    {
        var request = new CreateDeploymentRequest { DeploymentId = Id, PublishedServiceId = Service, InfraId = Infra, Version = Version };
        await Engines.CallAsync<DeploymentService>(deployments => deployments.CreateAsync(request, ignoreWarnings: false, actor, cancellationToken));
        await Engines.CallAsync<DeploymentService>(deployments => deployments.StartUpdateAsync(request.DeploymentId, actor, cancellationToken));
    });

    protected override async Task<DeployChoices> ReadAsync(CancellationToken cancellationToken) => new(
        await Engines.CallAsync<PublishedServiceCatalog, IReadOnlyList<ServiceStatus>>(catalog => catalog.ListAsync(cancellationToken)),
        await Engines.CallAsync<InfrastructureService, IReadOnlyList<InfraStatus>>(infras => infras.ListAsync(cancellationToken)));
}
