namespace Peregrine.Serving.Access.Keys;

/// <summary>A key that came with a package and is refused on this node from a time on, whatever packages say.</summary>
/// <param name="Hash">Of the key, not its id: a later package may give the id to another key.</param>
internal sealed record ClosedPackageKey(string Hash, DateTimeOffset On);
