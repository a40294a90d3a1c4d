namespace Peregrine.Packages.Manifests;

/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
public sealed record EntryManifest(long Length, string Sha256);
