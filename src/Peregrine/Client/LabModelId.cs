namespace Peregrine.Client;

public sealed record LabModelId(string Id, LabModelSession FullModelId);

public sealed record LabModelSession(string SessionId);
