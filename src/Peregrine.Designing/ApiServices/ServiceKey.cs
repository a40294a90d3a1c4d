namespace Peregrine.Designing.ApiServices;

/// <summary>What is told of a key of an API service.</summary>
public sealed record ServiceKey(string Id, string Label, string CreatedBy, DateTimeOffset CreatedOn);
