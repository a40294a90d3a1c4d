using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>An endpoint of a service as a model with versions.</summary>
internal sealed class ServedModel
{
    public ServedModel(ServiceSnapshot service, string endpointId)
    {
        Service = service;
        EndpointId = endpointId;
        Name = ModelSignature.NameOf(service.Id, endpointId);
        Loaded = [.. service.Forceable.Where(generation => generation.Endpoints.ContainsKey(endpointId)).OrderBy(generation => generation.Id, StringComparer.Ordinal)];
    }

    public ServiceSnapshot Service { get; }

    public string EndpointId { get; }

    public string Name { get; }

    /// <summary>The loaded generations that have the endpoint; one at least.</summary>
    public IReadOnlyList<LoadedGeneration> Loaded { get; }

    /// <summary>The model in each of them.</summary>
    public IEnumerable<ModelSignature> Signatures => Loaded.Select(generation => generation.Endpoints[EndpointId].Signature);

    /// <summary>The version that speaks for the model when none is named: the first mapped one, else the first loaded one.</summary>
    public LoadedGeneration Default => Service.Targets.FirstOrDefault(target => target.Endpoints.ContainsKey(EndpointId)) ?? Loaded[0];

    /// <summary>The model in one version; null: that version is not loaded or has no such endpoint.</summary>
    /// <param name="version">Null or empty: the one that speaks for the model.</param>
    public ModelSignature? Signature(string? version) =>
        (string.IsNullOrEmpty(version) ? Default : Loaded.FirstOrDefault(generation => generation.Id == version))?.Endpoints[EndpointId].Signature;
}
