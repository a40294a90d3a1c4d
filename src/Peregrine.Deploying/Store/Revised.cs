namespace Peregrine.Deploying.Store;

/// <summary>A document with the revision it was read at; a write that names the revision fails when it has moved.</summary>
public sealed record Revised<T>(T Value, int Revision);
