using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;

namespace Peregrine.Serving.Kinds.Lookup;

/// <summary>Dataset lookup: <c>lookup</c> and <c>lookup-multi</c>.</summary>
internal sealed class LookupKind : IServedKind
{
    public string Id => LookupEndpointKind.KindId;

    public IReadOnlyList<KindCall> Calls { get; } = [new("lookup", "data", Many: false), new("lookup-multi", "data", Many: true)];

    public KindEndpoint Load(IPackagedEndpoint packaged, KindPlace place) => new LoadedLookup(this, (LookupEndpoint)packaged, place);
}
