using System.Collections.Frozen;
using System.Text;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Mapping;
using Peregrine.Serving.Shadows;

namespace Peregrine.Serving.Snapshots;

/// <summary>One service in one state of the node. Immutable.</summary>
internal sealed class ServiceSnapshot
{
    private readonly BucketLine? _line;
    private readonly bool _sticky;

    public ServiceSnapshot(ServiceDocument document, IEnumerable<GenerationEntry> generations)
    {
        Document = document;
        Generations = generations.ToFrozenDictionary(entry => entry.Stored.Id, StringComparer.Ordinal);
        var shares = document.Mapping?.Entries ?? [];
        var answering = shares.Where(share => share.Proba > 0 && Loaded(share.Generation) is not null).ToList();
        Targets = [.. answering.Select(share => Loaded(share.Generation)!)];
        Forceable = [.. Generations.Values.Select(entry => entry.Loaded).OfType<LoadedGeneration>()];
        Shadows = ShadowTarget.Of(document.Mapping?.Shadows ?? [], Loaded);
        if (Targets.Length > 1) _line = LineOf(answering, document);
        _sticky = document.Mapping?.Strategy != MappingStrategy.Random;
        Authorizer = new ServiceAuthorizer(AuthorizationOf(answering));
    }

    public ServiceDocument Document { get; }

    public string Id => Document.ServiceId;

    /// <summary>Every package that the node has of the service, by generation.</summary>
    public FrozenDictionary<string, GenerationEntry> Generations { get; }

    /// <summary>The loaded generations that have a share.</summary>
    public LoadedGeneration[] Targets { get; }

    /// <summary>The loaded generations, mapped or not.</summary>
    public LoadedGeneration[] Forceable { get; }

    /// <summary>The loaded generations that get copies of requests.</summary>
    public ShadowTarget[] Shadows { get; }

    public ServiceAuthorizer Authorizer { get; }

    /// <summary>Whether it takes requests.</summary>
    public bool IsServing => Document.Enabled && Targets.Length > 0;

    /// <summary>Whether there is just one generation to pick.</summary>
    public bool IsSingle => _line is null;

    /// <summary>Whether equal dispatch keys get equal generations.</summary>
    public bool IsSticky => _sticky;

    /// <summary>Generations that should be loaded, for the mapping or for a prepared switch, and could not be; with the reason.</summary>
    public IEnumerable<GenerationEntry> Failures => Generations.Values.Where(entry => entry.Failure is not null && Document.Needs(entry.Stored.Id));

    /// <summary>The place in <see cref="Targets"/> that a request goes to.</summary>
    /// <param name="key">The caller's dispatch key; empty: none.</param>
    public int Pick(ReadOnlySpan<byte> key)
    {
        if (_line is null) return 0;
        return _sticky && !key.IsEmpty ? _line.PickSticky(key) : _line.PickRandom(Random.Shared);
    }

    /// <summary>The loaded generation of that id, or null.</summary>
    public LoadedGeneration? Find(ReadOnlySpan<byte> generation)
    {
        foreach (var loaded in Forceable)
            if (generation.SequenceEqual(loaded.Utf8Id)) return loaded;
        return null;
    }

    /// <summary>Why it answers nothing, and what to do about it; for a service that is not serving.</summary>
    public string WhyNotServing()
    {
        if (!Document.Enabled && Document.Mapping is not null) return "it is disabled. Enable it, or switch to a generation.";
        if (Document.Mapping is null) return "no generation is active. Switch to one that is available.";
        var reasons = new StringBuilder("none of its mapped generations is loaded:");
        foreach (var failure in Failures) reasons.Append(' ').Append(failure.Stored.Id).Append(": ").Append(failure.Failure);
        return reasons.ToString();
    }

    private LoadedGeneration? Loaded(string generation) => Generations.GetValueOrDefault(generation)?.Loaded;

    /// <summary>A generation that could not be loaded leaves its share to the others in proportion.</summary>
    private static BucketLine LineOf(IReadOnlyList<GenerationShare> answering, ServiceDocument document)
    {
        var sum = answering.Sum(share => share.Proba);
        return new BucketLine([.. answering.Select(share => share.Proba / sum)], document.Mapping?.Salt ?? document.ServiceId);
    }

    /// <summary>The keys of the generation with the largest share open the service; of equal ones, those of the newest.</summary>
    private ServiceAuthorization AuthorizationOf(IReadOnlyList<GenerationShare> answering) =>
        answering.Select(share => (share.Proba, Loaded(share.Generation)!.Manifest))
            .OrderByDescending(target => target.Proba).ThenByDescending(target => target.Manifest.CreatedOn)
            .Select(target => target.Manifest.Authorization).FirstOrDefault() ?? NobodyYet;

    private static readonly ServiceAuthorization NobodyYet = new() { Method = AuthorizationMethod.ApiKeys };
}
