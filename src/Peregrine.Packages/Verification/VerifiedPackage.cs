using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Verification;

/// <summary>A package whose digests, structure, models and golden records were checked, with its endpoints loaded.</summary>
public sealed record VerifiedPackage
{
    public required string Digest { get; init; }
    public required ServicePackageManifest Manifest { get; init; }

    /// <summary>By endpoint id.</summary>
    public required IReadOnlyDictionary<string, IPackagedEndpoint> Endpoints { get; init; }

    /// <summary>By endpoint id.</summary>
    public required IReadOnlyDictionary<string, GoldenReport> Golden { get; init; }

    /// <summary>True when every golden record was reproduced; only then may the package serve.</summary>
    public bool IsFaithful => Golden.Values.All(report => report.Mismatches.Count == 0);

    /// <exception cref="PackageException">A golden record was not reproduced.</exception>
    public VerifiedPackage EnsureFaithful()
    {
        foreach (var (endpoint, report) in Golden)
        {
            if (report.Mismatches is not [var first, ..]) continue;
            throw new PackageException(
                PackageFaultCode.GoldenMismatch, $"endpoint '{endpoint}'",
                $"{report.Mismatches.Count} of {report.Records} golden records are answered otherwise here; record {first.Record} expects {first.Expected} and gets {first.Actual}.",
                "Run the node on the same version and kind of processor as the Design node, or make the package again.");
        }

        return this;
    }
}
