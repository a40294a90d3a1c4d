using System.Text.Json.Nodes;
using Peregrine.Packages.OpenApi;
using Peregrine.Packages.Verification;

namespace Peregrine.Packages.Kinds;

/// <summary>An endpoint as loaded from a package. How it answers is the business of its kind, which the node asks for by type.</summary>
public interface IPackagedEndpoint
{
    string Id { get; }

    /// <summary>Id of the kind.</summary>
    string Kind { get; }

    /// <summary>Ready-made queries, <c>[{"q":{…}}]</c>; empty when there are none.</summary>
    JsonArray TestQueries { get; }

    /// <summary>Answers every golden record and compares bit for bit. It warms the endpoint up as well.</summary>
    GoldenReport ReplayGolden(CancellationToken cancellationToken);

    EndpointDescription Describe();
}
