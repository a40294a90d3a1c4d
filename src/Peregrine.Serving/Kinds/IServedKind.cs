using Peregrine.Packages.Kinds;

namespace Peregrine.Serving.Kinds;

/// <summary>
/// How the node answers one kind of endpoint that is no prediction. The node takes care of paths, access, limits, deadlines, the choice of the generation,
/// caching, headers, the query log and metrics.
/// </summary>
internal interface IServedKind
{
    /// <summary>The wire contract's name, as in <see cref="IEndpointKind.Id"/>.</summary>
    string Id { get; }

    /// <summary>What can be called below an endpoint; names that no other kind uses.</summary>
    IReadOnlyList<KindCall> Calls { get; }

    /// <summary>Makes a verified endpoint ready to answer.</summary>
    KindEndpoint Load(IPackagedEndpoint packaged, KindPlace place);
}
