namespace Peregrine.Web.Shell;

/// <summary>The places that are always there.</summary>
public sealed class MainPlaces : IPaletteSource
{
    private static readonly IReadOnlyList<PaletteEntry> Places =
    [
        new("page", "Projects", "/projects", "folder-kanban"),
        new("page", "Deployer board", "/deployer", "columns-3"),
        new("page", "Published services", "/deployer/services", "webhook"),
        new("page", "Infrastructures", "/deployer/infrastructures", "server"),
        new("page", "Deployments", "/deployer/deployments", "rocket"),
    ];

    public Task<IReadOnlyList<PaletteEntry>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Places);
}
