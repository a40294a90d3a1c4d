using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer.Keys;

/// <summary>Keys in the page's words.</summary>
internal static class KeyWords
{
    public static string Source(DeploymentKey key) => key.Source switch
    {
        "deployer" => "Deployer",
        "package" => "package",
        _ => "one node",
    };

    /// <summary>How a key of the Deployer stands on the nodes; of another key, where it was found.</summary>
    public static (Tone Tone, string Word) State(DeploymentKey key)
    {
        var (all, there, silent) = (key.Nodes.Count, key.Nodes.Count(node => node.Present == true), key.Nodes.Count(node => node.Present is null));
        if (key.Source != "deployer") return (Tone.Idle, $"on {there} of {Figures.Count(all, "node")}");
        if (there == all && all > 0) return (Tone.Good, all == 1 ? "on the node" : $"on all {all} nodes");
        return silent == all ? (Tone.Idle, "not told by any node") : (Tone.Warn, $"on {there} of {Figures.Count(all, "node")}");
    }

    /// <summary>Node by node, for a hover.</summary>
    public static string Places(DeploymentKey key) =>
        string.Join('\n', key.Nodes.Select(node => $"{node.Url}: {node.Message ?? (node.Present == true ? "there" : "not there")}"));
}
