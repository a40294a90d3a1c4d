using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

/// <summary>The way through the Deployer: its breadcrumb and its tabs.</summary>
internal static class DeployerNav
{
    public static IReadOnlyList<Tab> Tabs { get; } =
    [
        new("Board", "/deployer", Exact: true),
        new("Services", "/deployer/services"),
        new("Infrastructures", "/deployer/infrastructures"),
        new("Deployments", "/deployer/deployments"),
    ];

    public static IReadOnlyList<Crumb> In(params ReadOnlySpan<Crumb> more) => [new("Deployer", "/deployer"), .. more];
}
