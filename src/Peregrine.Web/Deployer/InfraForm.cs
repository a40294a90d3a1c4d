namespace Peregrine.Web.Deployer;

/// <summary>What is asked for a new infrastructure.</summary>
public sealed class InfraForm
{
    public string Id { get; set; } = "";
    public string Stage { get; set; } = "";
    public List<NodeForm> Nodes { get; } = [new NodeForm()];
}

public sealed class NodeForm
{
    public string Url { get; set; } = "";
    public string Key { get; set; } = "";
}
