namespace Peregrine.Deploying.Nodes;

internal sealed record NodeErrorAnswer(string? ErrorType, string? Message, string? DetailedMessage);
