using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Changes;

/// <summary>What a call names, or the error that says it is not there.</summary>
internal static class Known
{
    public static ServiceSnapshot Service(NodeSnapshot node, string id) =>
        node.Services.TryGetValue(id, out var service) ? service : throw DispatchFaults.UnknownService(node, id).AsException();

    public static GenerationEntry Generation(ServiceSnapshot service, string generation) =>
        service.Generations.GetValueOrDefault(generation)
        ?? throw ApiError.NotFound(
            $"Service '{service.Id}' has no generation '{generation}'.", $"Service '{service.Id}' has no generation '{generation}'. Import it first.",
            "GenerationNotFound").AsException();
}
