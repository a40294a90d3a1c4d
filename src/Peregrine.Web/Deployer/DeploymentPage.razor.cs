using Microsoft.AspNetCore.Components;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

public sealed partial class DeploymentPage
{
    private TrafficForm? _form;
    private Fault? _fault;
    private bool _busy;
    private bool _asking;

    [Parameter] public string Id { get; set; } = "";
    [Parameter] public string? Tab { get; set; }

    protected override object About => Id;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(5);

    private IReadOnlyList<CodeSample> Samples =>
    [
        new("CLI", $"./peregrine deployment status {Id}\n./peregrine deployment rollback {Id}"),
        Rest.Get($"/api-deployer/deployments/{Id}/status"),
    ];

    protected override IDisposable? Listen(Action changed) => Events.Subscribe(change =>
    {
        if (change.Id == Id) changed();
    });

    protected override void Aim(DeploymentView view) => view.Id = Id;

    private void Ask() => (_form, _fault) = (TrafficForm.Of(View.State?.Settings.GenerationsMapping ?? new GenerationsMapping()), null);

    private async Task ChangeAsync()
    {
        if (_form is not { } form) return;
        _busy = true;
        _fault = await View.ChangeTrafficAsync(form.Mapping, Actor, Stopping);
        _busy = false;
        if (_fault is not null) return;
        _form = null;
        Notices.Done($"{Id} is being brought to {string.Join(" and ", form.Mapping.Shares.Select(share => share.Generation))}.");
    }

    private async Task RollBackAsync() => Tell(await View.RollBackAsync(Actor, Stopping), $"{Id} is being rolled back.");

    private async Task UpdateAsync() => Tell(await View.UpdateAsync(Actor, Stopping), $"{Id} is being brought to its nodes.");

    private async Task EnableAsync(bool enabled) => Tell(await View.EnableAsync(enabled, Actor, Stopping), enabled ? $"{Id} is enabled." : $"{Id} is disabled: its nodes stop answering for it.");

    private async Task AskNodesAsync()
    {
        _asking = true;
        StateHasChanged();
        if (await View.AskNodesAsync(Stopping) is { } fault) Notices.Failed(fault);
        _asking = false;
    }

    private async Task DeleteAsync()
    {
        if (await View.DeleteAsync(Stopping) is { } fault)
        {
            Notices.Failed(fault);
            return;
        }
        Notices.Done($"Deployment {Id} was taken off its nodes and deleted.");
        Navigation.NavigateTo("/deployer/deployments");
    }

    private void Tell(Fault? fault, string done)
    {
        if (fault is not null) Notices.Failed(fault);
        else Notices.Done(done);
    }
}
