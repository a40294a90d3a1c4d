using System.Text.Json.Nodes;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.ApiDesigner.Access;

/// <summary>What is done about who may ask one API service.</summary>
/// <param name="actor">Under whose name it is recorded.</param>
public sealed class AccessView(Engines engines, string project, string service, string actor, CancellationToken stopping)
{
    /// <summary>PUBLIC, API_KEYS or OAUTH2.</summary>
    public Task<Fault?> ChooseAsync(string method) => ChangeAsync(new JsonObject { ["authMethod"] = method });

    /// <summary>Opens the service to holders of tokens that obey the rules.</summary>
    public Task<Fault?> SaveRulesAsync(JsonObject rules) => ChangeAsync(new JsonObject { ["authMethod"] = "OAUTH2", ["oAuth2"] = rules });

    public Task<(GeneratedKey? Key, Fault? Fault)> AddKeyAsync(string label, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints) =>
        MakeAsync(access => access.AddKeyAsync(project, service, label, expiry, endpoints, actor, stopping));

    public Task<(GeneratedKey? Key, Fault? Fault)> RotateKeyAsync(string key, TimeSpan overlap, DateTimeOffset? expiry) =>
        MakeAsync(access => access.RotateKeyAsync(project, service, key, overlap, expiry, actor, stopping));

    public Task<Fault?> RevokeKeyAsync(string key) =>
        engines.GuardAsync(() => engines.CallAsync<ServiceAccess>(access => access.RevokeKeyAsync(project, service, key, actor, stopping)));

    private Task<Fault?> ChangeAsync(JsonObject changes) =>
        engines.GuardAsync(() => engines.CallAsync<ServiceAccess>(access => access.ChangeAuthorizationAsync(project, service, changes, actor, stopping)));

    private async Task<(GeneratedKey? Key, Fault? Fault)> MakeAsync(Func<ServiceAccess, Task<GeneratedKey>> make)
    {
        GeneratedKey? key = null;
        var fault = await engines.GuardAsync(async () => key = await engines.CallAsync(make));
        return (key, fault);
    }
}
