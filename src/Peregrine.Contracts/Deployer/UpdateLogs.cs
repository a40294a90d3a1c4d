namespace Peregrine.Contracts.Deployer;

public sealed record UpdateLogs(IReadOnlyList<string> Lines);
