using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;

namespace Peregrine.Packages.Verification;

/// <summary>The checks between an archive and a generation that may serve.</summary>
public sealed class PackageVerifier(EndpointKinds kinds)
{
    /// <summary>Reads every entry, loads every endpoint and replays every golden record. Takes processor time: keep it off request threads.</summary>
    /// <returns>Also when golden records differ: see <see cref="VerifiedPackage.EnsureFaithful"/>.</returns>
    /// <exception cref="PackageException">The package is damaged or cannot be loaded.</exception>
    public VerifiedPackage Verify(PackageReader package, CancellationToken cancellationToken)
    {
        var endpoints = new Dictionary<string, IPackagedEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in package.Manifest.Endpoints)
        {
            cancellationToken.ThrowIfCancellationRequested();
            endpoints.Add(endpoint.Id, kinds.Get(endpoint.Kind, endpoint.Id).Load(endpoint, package));
        }

        foreach (var entry in package.UnreadEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = package.Read(entry);
        }

        return new VerifiedPackage
        {
            Digest = package.Digest,
            Manifest = package.Manifest,
            Endpoints = endpoints,
            Golden = endpoints.ToDictionary(
                endpoint => endpoint.Key, endpoint => endpoint.Value.ReplayGolden(cancellationToken), StringComparer.Ordinal),
        };
    }
}
