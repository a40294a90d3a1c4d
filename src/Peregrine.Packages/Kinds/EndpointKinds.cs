using System.Collections.Frozen;
using Peregrine.Packages.Kinds.Clustering;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Packages.Kinds;

/// <summary>The endpoint kinds that this build knows.</summary>
public sealed class EndpointKinds(IEnumerable<IEndpointKind> kinds)
{
    private readonly FrozenDictionary<string, IEndpointKind> _kinds = kinds.ToFrozenDictionary(kind => kind.Id, StringComparer.Ordinal);

    /// <summary>One line for each kind.</summary>
    public static EndpointKinds All { get; } = new(
    [
        new PredictionEndpointKind(),
        new ClusteringEndpointKind(),
        new LookupEndpointKind(),
    ]);

    public IReadOnlyCollection<string> Ids => _kinds.Keys;

    public IEndpointKind? Find(string id) => _kinds.GetValueOrDefault(id);

    /// <exception cref="PackageException">There is no such kind.</exception>
    public IEndpointKind Get(string id, string endpointId) =>
        Find(id) ?? throw new PackageException(
            PackageFaultCode.BadManifest, $"endpoint '{endpointId}'", $"'{id}' is not a kind of endpoint that this version knows.",
            $"Known kinds: {string.Join(", ", _kinds.Keys.Order(StringComparer.Ordinal))}.");
}
