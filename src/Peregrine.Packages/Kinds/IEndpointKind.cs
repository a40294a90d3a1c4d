using System.Text.Json;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Manifests;

namespace Peregrine.Packages.Kinds;

/// <summary>One kind of endpoint: its design half makes what goes in a package, its run half loads it from there.</summary>
public interface IEndpointKind
{
    /// <summary>The wire contract's name, such as <c>STD_PREDICTION</c>.</summary>
    string Id { get; }

    /// <summary>Faults of the settings of an endpoint, with pointers relative to them; empty when they are good.</summary>
    IReadOnlyList<PackageFault> Validate(JsonElement settings);

    /// <summary>Turns an endpoint into settings and entries.</summary>
    /// <exception cref="PackageException">The endpoint cannot be packed as it is.</exception>
    EndpointParts Pack(EndpointSource source);

    /// <summary>Makes the endpoint ready to answer, apart from warming up.</summary>
    /// <exception cref="PackageException">What the package holds cannot be served.</exception>
    IPackagedEndpoint Load(EndpointManifest endpoint, PackageReader package);
}
