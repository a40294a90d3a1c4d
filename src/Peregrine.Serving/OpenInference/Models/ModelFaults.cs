using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>Models and versions that are not there.</summary>
internal static class ModelFaults
{
    /// <summary>Why a path below <c>/v2/models/</c> leads nowhere.</summary>
    public static ApiError Unknown(NodeSnapshot node, string path)
    {
        var (model, version) = ModelPaths.Parse(path);
        return Unknown(node, model, version);
    }

    /// <param name="version">Null or empty: none is named.</param>
    public static ApiError Unknown(NodeSnapshot node, string name, string? version)
    {
        if (ModelDirectory.Find(node, name) is { } model) return UnknownVersion(model, version);
        if (ModelDirectory.Owners(node, name).FirstOrDefault(service => !service.IsServing) is { } idle) return DispatchFaults.NotServing(idle);
        var near = NearestName.Find(name, node.Services.Values.Where(service => service.IsServing).SelectMany(ModelDirectory.Of).Select(known => known.Name));
        // Clients of other servers look for the first words.
        var message = $"Request for unknown model: '{name}' is not found.";
        return ApiError.NotFound(
            message, near is null ? $"{message} A model's name is that of the service, a dot and that of the endpoint." : $"{message} Did you mean '{near}'?", "ModelNotFound");
    }

    private static ApiError UnknownVersion(ServedModel model, string? version)
    {
        if (string.IsNullOrEmpty(version)) return ApiError.NotFound($"Model '{model.Name}' has no such call.", errorType: "CallNotFound");
        var message = $"Request for unknown model: '{model.Name}' version '{version}' is not found.";
        return ApiError.NotFound(message, $"{message} Loaded: {string.Join(", ", model.Loaded.Select(generation => $"'{generation.Id}'"))}.", "ModelVersionNotFound");
    }
}
