using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Web.Live;

/// <summary>A page over a view model: makes it, loads it when the address changes, and keeps it fresh.</summary>
public abstract class ViewPage<TView> : ComponentBase, IAsyncDisposable
    where TView : class, IViewModel
{
    private readonly CancellationTokenSource _stop = new();
    private PersistingComponentStateSubscription _persisting;
    private ITimer? _timer;
    private IDisposable? _listening;
    private object? _shown;
    private bool _reading;
    private bool _again;

    protected TView View { get; private set; } = null!;

    /// <summary>Who is signed in: the name under which actions are recorded.</summary>
    protected string Actor { get; private set; } = "admin";

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Stopping => _stop.Token;

    /// <summary>What the page is about: when it changes, the page loads anew.</summary>
    protected abstract object About { get; }

    /// <summary>How often a live page reads again; null for pages that only change by what is done on them.</summary>
    protected virtual TimeSpan? RefreshEvery => null;

    [Inject] private IServiceProvider Services { get; set; } = null!;
    [Inject] private PersistentComponentState Persistence { get; set; } = null!;
    [Inject] private StateHandoff Handoff { get; set; } = null!;
    [Inject] protected TimeProvider Clock { get; private set; } = null!;
    [CascadingParameter] private Task<AuthenticationState>? SignedIn { get; set; }

    /// <summary>Subscribes to changes of what the page shows: each calls <paramref name="changed"/>, from any thread. Null when there are none to hear of.</summary>
    protected virtual IDisposable? Listen(Action changed) => null;

    /// <summary>Tells the view model what to read, before each load.</summary>
    protected abstract void Aim(TView view);

    protected override void OnInitialized()
    {
        View = ActivatorUtilities.CreateInstance<TView>(Services);
        _persisting = Persistence.RegisterOnPersisting(() =>
        {
            if (View.Snapshot is { } snapshot) Persistence.PersistAsJson(HandoffKey, new HandedOver(Handoff.Put(snapshot), About.ToString() ?? ""));
            return Task.CompletedTask;
        });
    }

    protected override async Task OnParametersSetAsync()
    {
        if (SignedIn is not null) Actor = (await SignedIn).User.Identity?.Name ?? Actor;
        var about = About;
        Aim(View);
        if (about.Equals(_shown)) return;
        var first = _shown is null;
        _shown = about;
        if (first && TakeOver(about)) return;
        View.Clear();
        await View.LoadAsync(Stopping);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender) return;
        _listening = Listen(() => _ = InvokeAsync(RefreshAsync));
        if (RefreshEvery is { } period) _timer = Clock.CreateTimer(_ => _ = InvokeAsync(RefreshAsync), null, period, period);
    }

    /// <summary>Reads again without falling back to a skeleton. Asked for while a read is under way, it reads once more after it.</summary>
    protected async Task RefreshAsync()
    {
        _again = true;
        if (_reading) return;
        _reading = true;
        try
        {
            while (_again && !_stop.IsCancellationRequested)
            {
                _again = false;
                await View.LoadAsync(Stopping);
                StateHasChanged();
            }
        }
        finally
        {
            _reading = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _persisting.Dispose();
        _listening?.Dispose();
        if (_timer is not null) await _timer.DisposeAsync();
        await _stop.CancelAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private string HandoffKey => GetType().Name;

    private bool TakeOver(object about)
    {
        if (!Persistence.TryTakeFromJson<HandedOver>(HandoffKey, out var handed) || handed is null) return false;
        if (handed.About != about.ToString() || Handoff.Take(handed.Ticket) is not { } snapshot) return false;
        View.Restore(snapshot);
        return true;
    }

    private sealed record HandedOver(string Ticket, string About);
}
