using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>Who may ask an API service: everybody, holders of its keys, or holders of signed tokens. Packages made from a change on carry it.</summary>
public sealed class ServiceAccess
{
    private readonly ApiServiceDesigner _designer;
    private readonly DesigningOptions _options;
    private readonly TimeProvider _time;

    internal ServiceAccess(ApiServiceDesigner designer, IOptions<DesigningOptions> options, TimeProvider time)
    {
        _designer = designer;
        _options = options.Value;
        _time = time;
    }

    /// <summary><c>{"authMethod":"OAUTH2","oAuth2":{…}}</c>, all members with their values.</summary>
    public async Task<JsonObject> GetAuthorizationAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        var settings = await _designer.StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        return new JsonObject
        {
            [ServiceSettings.Method] = settings.String(ServiceSettings.Method),
            [OAuth2Settings.Member] = (settings[OAuth2Settings.Member] as JsonObject ?? []).DeepClone().AsObject().FilledFrom(OAuth2Settings.Default()),
        };
    }

    /// <summary>The rules about tokens; null while there are none.</summary>
    public async Task<ServiceOAuth2?> FindTokenRulesAsync(string projectKey, string serviceId, CancellationToken cancellationToken) =>
        OAuth2Settings.Read(await _designer.StoredSettingsAsync(projectKey, serviceId, cancellationToken));

    /// <summary>Changes members of <see cref="GetAuthorizationAsync"/>; those that are not given stay, also within <c>oAuth2</c>.</summary>
    public Task ChangeAuthorizationAsync(string projectKey, string serviceId, JsonObject changes, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        CheckMembers(changes);
        return _designer.ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            if (changes.ContainsKey(ServiceSettings.Method)) stored[ServiceSettings.Method] = changes[ServiceSettings.Method]?.DeepClone();
            if (changes[OAuth2Settings.Member] is JsonObject rules) OAuth2Settings.Apply(rules, stored);
            ServiceSettings.Complete(stored, (JsonObject)stored.DeepClone(), actor, _time.GetUtcNow());
            return Task.FromResult(stored);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<ServiceKey>> ListKeysAsync(string projectKey, string serviceId, CancellationToken cancellationToken)
    {
        var settings = await _designer.StoredSettingsAsync(projectKey, serviceId, cancellationToken);
        return [.. QueryKeys.Of(settings).OfType<JsonObject>().Select(QueryKeys.Read)];
    }

    /// <summary>Makes a key; it is in the answer and nowhere else.</summary>
    /// <param name="label">Null: its id.</param>
    /// <param name="expiry">In the future; null: never.</param>
    /// <param name="endpoints">Of the service, at least one; null: all.</param>
    public Task<GeneratedKey> AddKeyAsync(
        string projectKey, string serviceId, string? label, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints, string actor, CancellationToken cancellationToken) =>
        MakeAsync(projectKey, serviceId, (stored, id) => (string.IsNullOrWhiteSpace(label) ? id : label.Trim(), endpoints, null), expiry, actor, cancellationToken);

    /// <summary>Makes a key with the label and endpoints of another; the old one ends after the overlap, or earlier when it was to.</summary>
    /// <param name="overlap">0 or more; null: <see cref="DesigningOptions.KeyRotationOverlap"/>.</param>
    /// <param name="expiry">Of the new key, in the future; null: never.</param>
    public Task<GeneratedKey> RotateKeyAsync(
        string projectKey, string serviceId, string keyId, TimeSpan? overlap, DateTimeOffset? expiry, string actor, CancellationToken cancellationToken) =>
        MakeAsync(projectKey, serviceId, (stored, _) =>
        {
            var old = Find(stored, serviceId, keyId);
            var end = _time.GetUtcNow() + (overlap ?? _options.KeyRotationOverlap);
            var read = QueryKeys.Read(old);
            old[QueryKeys.Expiry] = QueryKeys.Wire(read.Expiry < end ? read.Expiry : end);
            return (read.Label, read.Endpoints, keyId);
        }, expiry, actor, cancellationToken);

    /// <summary>Takes a key away; packages made before still carry it.</summary>
    public Task RevokeKeyAsync(string projectKey, string serviceId, string keyId, string actor, CancellationToken cancellationToken) =>
        _designer.ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            QueryKeys.Of(stored).Remove(Find(stored, serviceId, keyId));
            return Task.FromResult(stored);
        }, cancellationToken);

    private async Task<GeneratedKey> MakeAsync(
        string projectKey, string serviceId, Func<JsonObject, string, (string Label, IReadOnlyList<string>? Endpoints, string? Replaces)> describe, DateTimeOffset? expiry, string actor,
        CancellationToken cancellationToken)
    {
        var secret = ApiKeySecret.Create();
        var id = ObjectIds.New();
        ServiceKey? made = null;
        await _designer.ChangeAsync(projectKey, serviceId, actor, stored =>
        {
            var keys = QueryKeys.Of(stored);
            RequireRoom(serviceId, keys.Count);
            var now = _time.GetUtcNow();
            var (label, endpoints, replaces) = describe(stored, id);
            var key = QueryKeys.Make(id, label, secret, actor, now);
            key[QueryKeys.Expiry] = QueryKeys.Wire(expiry);
            key[QueryKeys.Endpoints] = QueryKeys.Wire(endpoints);
            if (replaces is not null) key[QueryKeys.Replaces] = replaces;
            var faults = new List<ApiErrorItem>();
            QueryKeys.CheckScope(key, stored, "", now, faults);
            AccessMembers.Refuse("The key cannot be made.", faults);
            keys.Add((JsonNode)key);
            made = QueryKeys.Read(key);
            return Task.FromResult(stored);
        }, cancellationToken);
        return new GeneratedKey(made!, secret);
    }

    private void RequireRoom(string serviceId, int count)
    {
        if (count < _options.MaxServiceKeys) return;
        throw Refusal.Conflict($"API service '{serviceId}' has {count} keys, as many as option {nameof(DesigningOptions.MaxServiceKeys)} allows. Revoke some.");
    }

    private static JsonObject Find(JsonObject settings, string serviceId, string keyId) =>
        QueryKeys.Find(settings, keyId) ?? throw Refusal.NotFound($"API service '{serviceId}' has no key '{keyId}'. List its keys to see their ids.");

    private static void CheckMembers(JsonObject changes)
    {
        var faults = new List<ApiErrorItem>();
        foreach (var name in changes.Select(member => member.Key).Where(name => name is not (ServiceSettings.Method or OAuth2Settings.Member)))
            faults.Add(new ApiErrorItem($"/{name}", "UnknownMember", $"'{name}' says nothing about who may ask. There are {ServiceSettings.Method} and {OAuth2Settings.Member}."));
        if (changes.ContainsKey(OAuth2Settings.Member) && changes[OAuth2Settings.Member] is not JsonObject)
            AccessMembers.Bad(faults, $"/{OAuth2Settings.Member}", OAuth2Settings.Member, "is an object of the members that change", changes[OAuth2Settings.Member]);
        AccessMembers.Refuse("Who may ask cannot be set so.", faults);
    }
}
