using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Datasets;

/// <summary>Sends a chosen file by the browser itself, so that a large one neither passes the live line nor fills memory.</summary>
public sealed partial class UploadDialog
{
    private readonly DotNetObjectReference<UploadSink> _sink;
    private ElementReference _input;
    private string _name = "";
    private bool _chosen;
    private bool _sending;
    private double _fraction;
    private string? _detail;
    private Fault? _fault;

    public UploadDialog() => _sink = DotNetObjectReference.Create(new UploadSink(SentAsync, AnsweredAsync));

    [Parameter, EditorRequired] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }
    [Parameter, EditorRequired] public string ProjectKey { get; set; } = "";
    [Parameter] public EventCallback OnUploaded { get; set; }

    private IReadOnlyList<CodeSample> Samples
    {
        get
        {
            var name = string.IsNullOrWhiteSpace(_name) ? "payments" : _name;
            return
            [
                new("CLI", $"./peregrine dataset upload {ProjectKey} {name}.csv.gz --name {name}"),
                Rest.Upload($"/projects/{ProjectKey}/datasets/{name}/uploaded/files", name + ".csv.gz"),
            ];
        }
    }

    public void Dispose() => _sink.Dispose();

    private void Chosen(ChangeEventArgs change)
    {
        var path = (string?)change.Value ?? "";
        _chosen = path.Length > 0;
        _fault = null;
        if (_name.Length == 0) _name = DatasetNames.From(path);
    }

    private async Task SendAsync()
    {
        (_fault, _fraction, _detail, _sending) = (null, 0, null, true);
        var address = $"/page/projects/{Uri.EscapeDataString(ProjectKey)}/datasets/{Uri.EscapeDataString(_name.Trim())}/file";
        if (!await Script.InvokeAsync<bool>("peregrine.upload", _input, address, _sink)) _sending = false;
    }

    private async Task CancelAsync() => await Script.InvokeVoidAsync("peregrine.cancelUpload", _input);

    private Task SentAsync(long sent, long total) => InvokeAsync(() =>
    {
        _fraction = total > 0 ? (double)sent / total : 0;
        _detail = $"{Figures.Bytes(sent)} of {Figures.Bytes(total)}";
        StateHasChanged();
    });

    private Task AnsweredAsync(int status, string body) => InvokeAsync(async () =>
    {
        _sending = false;
        _fault = UploadAnswer.FaultOf(status, body);
        if (_fault is null && status is >= 200 and < 300)
        {
            Notices.Done($"Dataset {_name.Trim()} was uploaded.");
            await OpenChanged.InvokeAsync(false);
            await OnUploaded.InvokeAsync();
            Navigation.NavigateTo($"/projects/{ProjectKey}/datasets/{_name.Trim()}");
        }
        StateHasChanged();
    });

    private async Task ChangeOpenAsync(bool open)
    {
        if (!open && _sending) await CancelAsync();
        if (!open) (_name, _chosen, _fault) = ("", false, null);
        await OpenChanged.InvokeAsync(open);
    }
}
