namespace Peregrine.Deploying.Services;

/// <summary>The archive of a version, to send on. The reader disposes the stream.</summary>
public sealed record VersionArchive(string FileName, string Digest, long Length, Stream Content);
