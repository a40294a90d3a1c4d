using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Archives;

/// <param name="Digest">SHA-256 of the archive.</param>
public sealed record WrittenPackage(string Digest, ServicePackageManifest Manifest);
