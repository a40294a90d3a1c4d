namespace Peregrine.Contracts.ApiNode;

/// <summary>The switches of a service, open and lately ended, oldest first.</summary>
public sealed record NodeSwitches(IReadOnlyList<NodeSwitch> Switches);
