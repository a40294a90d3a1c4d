using Microsoft.AspNetCore.Components;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner.Access;

public sealed partial class NewKeyDialog
{
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private KeyEnd _end = new();
    private string _label = "";
    private bool _some;
    private bool _busy;
    private bool _wasOpen;
    private Fault? _fault;

    [Parameter] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }
    [Parameter, EditorRequired] public string Project { get; set; } = "";
    [Parameter, EditorRequired] public string Service { get; set; } = "";

    /// <summary>Ids of the service's endpoints.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<string> Endpoints { get; set; } = [];

    /// <summary>Makes it: label, end, and endpoints (null: all). What went wrong, or null.</summary>
    [Parameter, EditorRequired] public Func<string, DateTimeOffset?, IReadOnlyList<string>?, Task<Fault?>> Save { get; set; } = (_, _, _) => Task.FromResult<Fault?>(null);

    private IReadOnlyList<string>? Scope => _some ? [.. Endpoints.Where(_chosen.Contains)] : null;

    private IReadOnlyList<CodeSample> Samples
    {
        get
        {
            var label = string.IsNullOrWhiteSpace(_label) ? "checkout" : _label.Trim();
            var end = _end.Read(Clock.GetUtcNow()).Moment;
            var scope = Scope is { Count: > 0 } some ? $",\"endpoints\":[{string.Join(",", some.Select(id => $"\"{id}\""))}]" : "";
            return
            [
                new("CLI", $"./peregrine service keys add {Project} {Service} {label}{_end.Option}{string.Concat((Scope ?? []).Select(id => $" --endpoint {id}"))}"),
                Rest.Post($"/projects/{Project}/apiservices/{Service}/keys", $"{{\"label\":\"{label}\"{(end is { } moment ? $",\"expiry\":{moment.ToUnixTimeMilliseconds()}" : "")}{scope}}}"),
            ];
        }
    }

    protected override void OnParametersSet()
    {
        if (Open && !_wasOpen)
        {
            (_label, _end, _some, _fault) = ("", new KeyEnd(), false, null);
            _chosen.Clear();
        }

        _wasOpen = Open;
    }

    private void Choose(string endpoint, bool isChosen)
    {
        _fault = null;
        if (isChosen) _chosen.Add(endpoint);
        else _chosen.Remove(endpoint);
    }

    private async Task SaveAsync()
    {
        (var expiry, _fault) = _end.Read(Clock.GetUtcNow());
        if (Scope is { Count: 0 }) _fault = new Fault(400, "The key cannot be made.") { Places = [new FaultPlace("/endpoints", "Choose at least one: such a key would open nothing.")] };
        if (_fault is not null) return;
        _busy = true;
        _fault = await Save(_label.Trim(), expiry, Scope);
        _busy = false;
        if (_fault is null) await OpenChanged.InvokeAsync(false);
    }
}
