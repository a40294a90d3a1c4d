namespace Peregrine.Packages.Blobs;

/// <param name="Digest">SHA-256 of the content, which is its address.</param>
/// <param name="Length">Bytes.</param>
public sealed record Blob(string Digest, long Length);
