namespace Peregrine.Deploying.Nodes;

internal sealed record NewNodeService(string ServiceId);
