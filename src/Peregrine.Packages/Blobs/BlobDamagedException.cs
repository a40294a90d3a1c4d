namespace Peregrine.Packages.Blobs;

/// <summary>The stored bytes are no longer those that were put.</summary>
public sealed class BlobDamagedException(string digest, string path)
    : Exception($"Blob {digest} is damaged on disk ('{path}'). Put it again from its source, or restore it from a copy.")
{
    public string Digest { get; } = digest;
}
