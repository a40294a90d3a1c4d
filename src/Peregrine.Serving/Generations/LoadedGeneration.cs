using System.Collections.Frozen;
using System.Text;
using Peregrine.Packages.Manifests;

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
        string service, ServicePackageManifest manifest, string digest, FrozenDictionary<string, LoadedEndpoint> endpoints, Action<LoadedGeneration> released)
    {
        Service = service;
        Id = manifest.VersionId;
        Utf8Id = Encoding.UTF8.GetBytes(Id);
        Manifest = manifest;
        Digest = digest;
        Endpoints = endpoints;
        _released = released;
    }

    public string Service { get; }

    public string Id { get; }

    public byte[] Utf8Id { get; }

    public ServicePackageManifest Manifest { get; }

    public string Digest { get; }

    public FrozenDictionary<string, LoadedEndpoint> Endpoints { get; }

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
