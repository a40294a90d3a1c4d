using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Packages.Manifests;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner.Access;

public sealed partial class AccessPanel
{
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    private static readonly (string Method, string Title, string Note)[] s_methods =
    [
        ("PUBLIC", "Everybody", "Whoever reaches an API node gets an answer."),
        ("API_KEYS", "Holders of a key", "Versions made from now on carry the hashes of the keys below."),
        ("OAUTH2", "Holders of a signed token", "JWT of an issuer of yours (OAuth2, OpenID Connect)."),
    ];

    private bool _askKey;
    private bool _askRules;
    private ServiceKey? _rotate;
    private ServiceKey? _revoke;
    private GeneratedKey? _made;

    /// <summary>Counts choices, so that a radio button that was pressed in vain is drawn anew.</summary>
    private int _chosen;

    [Parameter, EditorRequired] public string Project { get; set; } = "";
    [Parameter, EditorRequired] public string Service { get; set; } = "";

    /// <summary>PUBLIC, API_KEYS or OAUTH2.</summary>
    [Parameter, EditorRequired] public string Method { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<ServiceKey> Keys { get; set; } = [];

    /// <summary>Null while no rules were set.</summary>
    [Parameter] public ServiceOAuth2? Rules { get; set; }

    /// <summary>Ids of the service's endpoints.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<string> Endpoints { get; set; } = [];

    [Parameter, EditorRequired] public string Actor { get; set; } = "";
    [Parameter] public CancellationToken Stopping { get; set; }

    /// <summary>After each change, to read again.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    private DateTimeOffset Now => Clock.GetUtcNow();

    private AccessView View => new(Engines, Project, Service, Actor, Stopping);

    private async Task ChooseAsync(string method)
    {
        if (method == "OAUTH2" && Rules is null)
        {
            _askRules = true;
            return;
        }

        if (await DoneAsync(await View.ChooseAsync(method)) is { } fault)
        {
            _chosen++;
            Notices.Failed(fault);
            return;
        }

        Notices.Done($"Open to {AuthWords.Of(method)}, from the next version on.");
    }

    private void CloseRules(bool open)
    {
        _askRules = open;
        _chosen++;
    }

    private async Task<Fault?> SaveRulesAsync(JsonObject rules)
    {
        var fault = await DoneAsync(await View.SaveRulesAsync(rules));
        if (fault is null) Notices.Done("Open to holders of signed tokens, from the next version on.");
        return fault;
    }

    private async Task<Fault?> AddAsync(string label, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints)
    {
        var (key, fault) = await View.AddKeyAsync(label, expiry, endpoints);
        _made = key ?? _made;
        return await DoneAsync(fault);
    }

    private async Task<Fault?> RotateAsync(TimeSpan overlap, DateTimeOffset? expiry)
    {
        var (key, fault) = await View.RotateKeyAsync(_rotate!.Id, overlap, expiry);
        _made = key ?? _made;
        return await DoneAsync(fault);
    }

    private async Task<Fault?> RevokeAsync()
    {
        var revoked = _revoke!;
        var fault = await DoneAsync(await View.RevokeKeyAsync(revoked.Id));
        if (fault is not null) return fault;
        if (_made?.Key.Id == revoked.Id) _made = null;
        Notices.Done($"Key {revoked.Label} was revoked. Versions made before still carry it.");
        return null;
    }

    private async Task<Fault?> DoneAsync(Fault? fault)
    {
        if (fault is null) await OnChanged.InvokeAsync();
        return fault;
    }
}
