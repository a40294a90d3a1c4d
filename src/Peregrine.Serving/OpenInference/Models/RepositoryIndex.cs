using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>What the node holds, loaded or not, as far as the caller may see it.</summary>
internal sealed class RepositoryIndex(ModelDirectory models)
{
    public const string Ready = "READY";
    public const string Unavailable = "UNAVAILABLE";

    /// <param name="readyOnly">Leaves out what is not loaded.</param>
    public async ValueTask<IReadOnlyList<(string Name, string Version, string State, string Reason)>> ListAsync(HttpContext context, bool readyOnly) =>
        [.. (await models.ListAsync(context)).SelectMany(listed => Of(listed.Service, listed.Models)).Where(line => !readyOnly || line.State == Ready)];

    /// <summary>Generations come and go by switching, so that one call never takes the other's model away.</summary>
    public static ApiError NotHere(string call, string model) => ApiError.Of(
        StatusCodes.Status501NotImplemented, "NotImplemented", $"Model '{model}' cannot be {call}ed by this call.",
        $"Model '{model}' cannot be {call}ed by this call: models come and go with the generations of their service. "
        + "Switch with POST /admin/api/services/{service}/actions/switchTo/{generation}, or disable the service.");

    private static IEnumerable<(string Name, string Version, string State, string Reason)> Of(
        ServiceSnapshot service, IReadOnlyList<ServedModel> models)
    {
        // Which endpoints a package holds is known once it is loaded; for others, those of the loaded ones stand.
        var known = models.Select(model => model.Name).ToList();
        foreach (var entry in service.Generations.Values.OrderBy(entry => entry.Stored.Id, StringComparer.Ordinal))
        {
            IEnumerable<string> names = entry.Loaded is { } loaded
                ? models.Where(model => loaded.Endpoints.ContainsKey(model.EndpointId)).Select(model => model.Name)
                : known.Count > 0 ? known : [service.Id];
            foreach (var name in names) yield return (name, entry.Stored.Id, StateOf(service, entry), ReasonOf(service, entry));
        }
    }

    private static string StateOf(ServiceSnapshot service, GenerationEntry entry) => entry.Loaded is not null && service.IsServing ? Ready : Unavailable;

    private static string ReasonOf(ServiceSnapshot service, GenerationEntry entry) =>
        entry.Failure ?? (entry.Loaded is null ? "not loaded" : service.IsServing ? "" : service.WhyNotServing());
}
