using Microsoft.AspNetCore.Components;
using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner;

public sealed partial class LogDialog
{
    private readonly List<LogRuleRow> _rows = [];
    private bool _inAnswer;
    private bool _inLog;
    private bool _tried;
    private Fault? _fault;
    private bool _busy;
    private bool _wasOpen;

    [Parameter] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    [Parameter, EditorRequired] public string Project { get; set; } = "";
    [Parameter, EditorRequired] public string Service { get; set; } = "";
    [Parameter, EditorRequired] public string Endpoint { get; set; } = "";
    [Parameter, EditorRequired] public EndpointLog Log { get; set; } = new();

    /// <summary>Whether the endpoint is quiet: its answers cannot hold records.</summary>
    [Parameter] public bool Quiet { get; set; }

    /// <summary>Saves; what went wrong, or null.</summary>
    [Parameter, EditorRequired] public Func<EndpointLog, Task<Fault?>> Save { get; set; } = _ => Task.FromResult<Fault?>(null);

    private IReadOnlyList<CodeSample> Samples =>
    [
        new("CLI", $"./peregrine service set-log {Project} {Service} {Endpoint}{LogWords.Options(Written)}"),
        Rest.Put($"/projects/{Project}/apiservices/{Service}/endpoints/{Endpoint}/log", LogWords.Body(Written)),
    ];

    /// <summary>Without the rows that are not in order.</summary>
    private EndpointLog Written => new()
    {
        PostEnrichment = new PostEnrichmentSettings { InAnswer = _inAnswer, InLog = _inLog }, Columns = [.. _rows.Select(row => row.Read().Rule).OfType<LogColumnRule>()],
    };

    protected override void OnParametersSet()
    {
        if (Open && !_wasOpen)
        {
            (_inAnswer, _inLog, _tried, _fault) = (Log.PostEnrichment.InAnswer, Log.PostEnrichment.InLog, false, null);
            _rows.Clear();
            _rows.AddRange(Log.Columns.Select(LogRuleRow.Of));
        }

        _wasOpen = Open;
    }

    private void Raise(int at) => (_rows[at - 1], _rows[at]) = (_rows[at], _rows[at - 1]);

    private async Task SaveAsync()
    {
        _tried = true;
        if (_rows.Exists(row => row.Read().Wrong is not null)) return;
        _busy = true;
        _fault = await Save(Written);
        _busy = false;
        if (_fault is null) await OpenChanged.InvokeAsync(false);
    }
}
