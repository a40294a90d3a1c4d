using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;
using Peregrine.Records;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Explanations;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog.Columns;

namespace Peregrine.Serving.Generations;

/// <summary>From a package file to a generation that can answer: read, verify, replay golden records, compile, warm up. Off the request path.</summary>
internal sealed class GenerationLoader(
    PackageVerifier verifier, PredictionEngine engine, ServingMetrics metrics, DriftSketches drift, ColumnPolicies columns,
    KindLoader kinds, ExplanationPreparer preparer, IOptions<ExplanationOptions> explanations, IOptions<ServingOptions> options)
{
    private PackageLimits Limits => PackageLimits.Default with { MaxArchiveBytes = options.Value.MaxPackageBytes };

    /// <summary>Reads and verifies a package, golden records included, without keeping it.</summary>
    /// <exception cref="PackageException">It may not serve.</exception>
    public VerifiedPackage Verify(string path, CancellationToken cancellationToken)
    {
        using var package = PackageReader.Open(path, Limits);
        return verifier.Verify(package, cancellationToken).EnsureFaithful();
    }

    /// <param name="released">Called when the last user of the generation has left.</param>
    /// <exception cref="PackageException">It may not serve, or is not the package that was imported.</exception>
    public LoadedGeneration Load(string service, StoredGeneration stored, string path, Action<LoadedGeneration> released, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var succeeded = false;
        IReadOnlyList<string> registered = [];
        try
        {
            if (!File.Exists(path))
                throw new PackageException(PackageFaultCode.NotAPackage, "", "The package file is gone from the node's disk.", "Deploy the version again.");
            var package = Verify(path, cancellationToken);
            if (package.Digest != stored.Digest)
                throw new PackageException(
                    PackageFaultCode.NotAPackage, "", $"The package on disk has digest {package.Digest}, but {stored.Digest} was imported.", "Deploy the version again.");
            var endpoints = package.Endpoints.Values.OfType<PredictionEndpoint>().ToFrozenDictionary(
                prediction => prediction.Id,
                prediction => new LoadedEndpoint(
                    service, stored.Id, prediction, metrics.MeterFor(service, prediction.Id, stored.Id), prediction.CreateExplainer(explanations.Value.TableBytes),
                    drift.For(prediction.Model), ModelDigest(package, prediction.Id)),
                StringComparer.Ordinal);
            foreach (var endpoint in endpoints.Values) columns.Register(service, endpoint.Id, stored.Id, endpoint.Prediction.Settings.LogColumns ?? []);
            registered = endpoints.Keys;
            foreach (var endpoint in endpoints.Values) WarmUp(endpoint, cancellationToken);
            var ofKinds = kinds.Load(service, stored.Id, package, cancellationToken);
            foreach (var endpoint in ofKinds.Values) columns.Register(service, endpoint.Id, stored.Id, endpoint.LogColumns);
            registered = [.. endpoints.Keys, .. ofKinds.Keys];
            succeeded = true;
            var generation = new LoadedGeneration(service, package.Manifest, package.Digest, endpoints, ofKinds, WhenReleased);
            preparer.Add(generation);
            return generation;
        }
        finally
        {
            if (!succeeded) ReleaseColumns(service, stored.Id, registered);
            metrics.RecordLoad(Stopwatch.GetElapsedTime(started), succeeded);
        }

        void WhenReleased(LoadedGeneration generation)
        {
            ReleaseColumns(service, stored.Id, generation.EndpointIds);
            released(generation);
        }
    }

    private void ReleaseColumns(string service, string generation, IEnumerable<string> endpoints)
    {
        foreach (var endpoint in endpoints) columns.Release(service, endpoint, generation, metrics.Log.Claimed);
        if (!metrics.Log.Enabled) columns.Sweep(metrics.Log.Claimed); // there is no writer that would
    }

    /// <summary>Runs the endpoint's own test query through the program that answers requests, so that the first caller does not pay for compiling it.</summary>
    private void WarmUp(LoadedEndpoint endpoint, CancellationToken cancellationToken)
    {
        var sample = endpoint.Prediction.TestQueries.FirstOrDefault()?["q"] is { } query
            ? query.ToJsonString()
            : $$"""{"features":{{PredictionSample.Features(endpoint.Prediction.Model.Spec).ToJsonString()}}}""";
        var body = Encoding.UTF8.GetBytes(sample);
        for (var round = 0; round < options.Value.WarmUpRounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            engine.Rehearse(endpoint, body);
            LongWork.GiveWay();
        }

        endpoint.Drift?.Reset();
    }

    private static string? ModelDigest(VerifiedPackage package, string endpoint) =>
        package.Manifest.Entries.GetValueOrDefault(PackageEntries.FolderOf(endpoint) + PredictionEndpointKind.ModelEntry)?.Sha256;
}
