using System.Collections.Frozen;
using System.Text;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Kinds;

namespace Peregrine.Serving.Generations;

/// <summary>
/// A generation ready to answer. Counts who uses it: the snapshots that hold it count as one, each request as one; it is released
/// when the count falls to zero.
/// </summary>
internal sealed class LoadedGeneration
{
    private readonly Action<LoadedGeneration> _released;
    private int _users = 1;

    public LoadedGeneration(
        string service, ServicePackageManifest manifest, string digest, FrozenDictionary<string, LoadedEndpoint> endpoints, FrozenDictionary<string, KindEndpoint> ofKinds,
        Action<LoadedGeneration> released)
    {
        Service = service;
        Id = manifest.VersionId;
        Utf8Id = Encoding.UTF8.GetBytes(Id);
        Manifest = manifest;
        Digest = digest;
        Endpoints = endpoints;
        OfKinds = ofKinds;
        _released = released;
    }

    public string Service { get; }

    public string Id { get; }

    public byte[] Utf8Id { get; }

    public ServicePackageManifest Manifest { get; }

    public string Digest { get; }

    /// <summary>The endpoints that predict.</summary>
    public FrozenDictionary<string, LoadedEndpoint> Endpoints { get; }

    /// <summary>The endpoints of all other kinds.</summary>
    public FrozenDictionary<string, KindEndpoint> OfKinds { get; }

    /// <summary>Every endpoint, of whatever kind.</summary>
    public IEnumerable<ServedEndpoint> All => Endpoints.Values.Concat<ServedEndpoint>(OfKinds.Values);

    /// <summary>The ids of all endpoints.</summary>
    public IEnumerable<string> EndpointIds => Endpoints.Keys.Concat(OfKinds.Keys);

    /// <summary>Whether it has an endpoint of that id, of whatever kind.</summary>
    public bool Has(string endpoint) => Endpoints.ContainsKey(endpoint) || OfKinds.ContainsKey(endpoint);

    /// <summary>Requests that are using it now, and one for the snapshots.</summary>
    public int Users => Volatile.Read(ref _users);

    /// <summary>False when it has been released: read the current snapshot again.</summary>
    public bool TryAcquire()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) _released(this);
    }
}
