using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Peregrine.Web.Components;

public sealed partial class Dialog
{
    private readonly string _titleId = "dialog-" + Guid.NewGuid().ToString("N")[..8];
    private ElementReference _dialog;
    private bool _shown;

    [Parameter, EditorRequired] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }
    [Parameter, EditorRequired] public string Title { get; set; } = "";
    [Parameter] public bool Wide { get; set; }
    [Parameter] public RenderFragment? ChildContent { get; set; }
    [Parameter] public RenderFragment? Actions { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown == Open) return;
        _shown = Open;
        await Script.InvokeVoidAsync(Open ? "peregrine.showDialog" : "peregrine.closeDialog", _dialog);
    }

    private async Task ClosedAsync()
    {
        if (Open) await OpenChanged.InvokeAsync(false);
    }
}
