using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Models;

/// <summary>The models of the node, and who may see them: whoever may ask for a prediction.</summary>
internal sealed class ModelDirectory(NodeState state, AccessControl access)
{
    /// <summary>The model of that name, for a caller that may see it.</summary>
    /// <exception cref="ApiErrorException">It is unknown, not serving, or not for this caller.</exception>
    public async ValueTask<ServedModel> GetAsync(string name, HttpContext context)
    {
        var current = state.Current;
        if (Find(current, name) is not { } model) throw ModelFaults.Unknown(current, name, version: null).AsException();
        var decision = await access.AuthorizeAsync(context, model.Service, model.EndpointId);
        return decision.Error is null ? model : throw decision.Error.AsException();
    }

    /// <inheritdoc cref="GetAsync(string, HttpContext)"/>
    /// <param name="version">Null or empty: the version that speaks for the model.</param>
    public async ValueTask<(ServedModel Model, ModelSignature Signature)> GetAsync(string name, string? version, HttpContext context)
    {
        var model = await GetAsync(name, context);
        return (model, model.Signature(version) ?? throw ModelFaults.Unknown(state.Current, name, version).AsException());
    }

    /// <summary>The models of services, serving or not, that the caller may ask, in order of the services' ids; services without a loaded one too.</summary>
    public async ValueTask<IReadOnlyList<(ServiceSnapshot Service, IReadOnlyList<ServedModel> Models)>> ListAsync(HttpContext context)
    {
        var listed = new List<(ServiceSnapshot, IReadOnlyList<ServedModel>)>();
        var hasKey = PresentedApiKey.IsPresent(context.Request);
        foreach (var service in state.Current.Services.Values.OrderBy(service => service.Id, StringComparer.Ordinal))
        {
            // A caller without a key is not refused here, only shown less.
            if (!service.Authorizer.IsOpenToAll && !hasKey) continue;
            var models = new List<ServedModel>();
            foreach (var model in Of(service))
                if (await MayAskAsync(service, model.EndpointId, context)) models.Add(model);
            if (models.Count > 0 || (service.Forceable.Length == 0 && await MayAskAsync(service, null, context))) listed.Add((service, models));
        }

        var isGuess = hasKey && state.Current.Services.Values.Any(service => !service.Authorizer.IsOpenToAll) && listed.TrueForAll(one => one.Item1.Authorizer.IsOpenToAll);
        if (isGuess) access.OpenedNothing(context);
        return listed;
    }

    /// <summary>The models that answer, of those that the caller may ask.</summary>
    public async ValueTask<IReadOnlyList<ServedModel>> AllAsync(HttpContext context) =>
        [.. (await ListAsync(context)).Where(listed => listed.Service.IsServing).SelectMany(listed => listed.Models)];

    public static IEnumerable<ServedModel> Of(ServiceSnapshot service) => service.Forceable
        .SelectMany(generation => generation.Endpoints.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(endpoint => new ServedModel(service, endpoint));

    /// <summary>A model of a serving service, or null. Of two with the same name, the one whose service's id comes first.</summary>
    public static ServedModel? Find(NodeSnapshot node, string name)
    {
        foreach (var service in Owners(node, name).Where(service => service.IsServing))
        {
            var endpoint = name[(service.Id.Length + 1)..];
            if (service.Forceable.Any(generation => generation.Endpoints.ContainsKey(endpoint))) return new ServedModel(service, endpoint);
        }

        return null;
    }

    /// <summary>The services that a model of that name can belong to: ids may hold dots.</summary>
    public static IEnumerable<ServiceSnapshot> Owners(NodeSnapshot node, string name) => node.Services.Values
        .Where(service => name.Length > service.Id.Length && name[service.Id.Length] == '.' && name.StartsWith(service.Id, StringComparison.Ordinal))
        .OrderBy(service => service.Id, StringComparer.Ordinal);

    private async ValueTask<bool> MayAskAsync(ServiceSnapshot service, string? endpoint, HttpContext context) =>
        await access.MayAskAsync(context, service, endpoint);
}
